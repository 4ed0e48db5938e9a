// What the page uses of the renderer.
export { Blocks, initialValues } from "./blocks.js";
export { emojiOf, mrkdwnToPlain, Text } from "./inline.js";
