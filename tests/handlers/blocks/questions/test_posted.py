"""The modals for what the bot posted for somebody."""

from handlers.blocks.questions.posted import reword_modal, take_back_modal

VIEWS = [lambda text: reword_modal(7, text), lambda text: take_back_modal(7, text)]
