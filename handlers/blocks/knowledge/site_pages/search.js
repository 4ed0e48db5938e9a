// Finds answers in the index that this page brought along; nothing is asked of anybody.
// bot/knowledge/lookup.py makes the index, and takes words apart in the same way.
"use strict";

(() => {
  const MOST_SHOWN = 30, MOST_ALIKE = 60;
  const PREFIX_COUNTS = 0.7, TYPO_COUNTS = 0.5, DOUBTED_COUNTS = 0.6, OUTDATED_COUNTS = 0.3;
  const LONGEST = 40;
  const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+/gu;

  const field = document.getElementById("q");
  const results = document.getElementById("results");
  const count = document.getElementById("count");
  const front = document.getElementById("front");
  const index = window.askaroundIndex;
  if (!field || !index) return;

  const words = index.words.split(" ");
  const groups = index.groups.split(" ").map((each) => parseInt(each, 36));
  const found = index.found.split(" ");
  const places = new Map(words.map((word, at) => [word, at]));
  const read = new Map();

  const folded = (text) =>
    text.toLowerCase().normalize("NFKD").replace(/\p{Mn}/gu, "").normalize("NFC");

  function termsOf(text) {
    const terms = [];
    for (const word of folded(text).match(/[\p{L}\p{N}]+/gu) ?? []) {
      for (const run of word.match(UNSPACED) ?? []) {
        const signs = [...run];
        if (signs.length === 1) terms.push(run);
        for (let at = 0; at + 1 < signs.length; at++) terms.push(signs[at] + signs[at + 1]);
      }
      for (const rest of word.replace(UNSPACED, " ").split(" ")) {
        if (rest) terms.push(rest.slice(0, LONGEST));
      }
    }
    return terms;
  }

  // The answers of a group: pairs of a number and a weight from 1/16 to 1.
  function answersOf(group) {
    if (!read.has(group)) {
      const written = found[group];
      const pairs = [];
      let answer = -1, from = 0;
      for (let at = 0; at < written.length; at++) {
        const sign = written.charCodeAt(at);
        if (sign < 65 || sign > 80) continue; // A to P end a number
        answer += parseInt(written.slice(from, at), 36) + 1;
        pairs.push([answer, (sign - 64) / 16]);
        from = at + 1;
      }
      read.set(group, pairs);
    }
    return read.get(group);
  }

  // The groups that a word stands for, each with how surely.
  function groupsFor(word, mayGoOn) {
    const chosen = new Map();
    const choose = (at, counts) => {
      const before = chosen.get(groups[at]) ?? 0;
      chosen.set(groups[at], Math.max(before, counts));
    };
    if (places.has(word)) choose(places.get(word), 1);
    if ((mayGoOn || !chosen.size) && word.length > 1) {
      for (let at = firstFrom(word), left = MOST_ALIKE; left-- && words[at]?.startsWith(word); at++) {
        choose(at, PREFIX_COUNTS);
      }
    }
    if (!chosen.size && word.length > 3) {
      const first = word[0];
      for (let at = firstFrom(first); words[at]?.startsWith(first); at++) {
        if (isAlmost(word, words[at])) choose(at, TYPO_COUNTS);
      }
    }
    return chosen;
  }

  function firstFrom(word) {
    let low = 0, high = words.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (words[middle] < word) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // Whether one sign is another, missing, too many, or changed places with the next.
  function isAlmost(one, other) {
    if (Math.abs(one.length - other.length) > 1) return false;
    let at = 0;
    while (at < one.length && one[at] === other[at]) at++;
    const [rest, others] = [one.slice(at), other.slice(at)];
    return (
      rest.slice(1) === others.slice(1) || rest.slice(1) === others || rest === others.slice(1) ||
      (rest[0] === others[1] && rest[1] === others[0] && rest.slice(2) === others.slice(2))
    );
  }

  function search(text) {
    const terms = [...new Set(termsOf(text))];
    const scores = new Map();
    const matched = new Map();
    terms.forEach((term, number) => {
      const best = new Map();
      for (const [group, counts] of groupsFor(term, number === terms.length - 1)) {
        const answers = answersOf(group);
        const rare = Math.log(1 + index.ids.length / (answers.length + 0.5));
        for (const [answer, weight] of answers) {
          best.set(answer, Math.max(best.get(answer) ?? 0, counts * rare * weight));
        }
      }
      for (const [answer, score] of best) {
        scores.set(answer, (scores.get(answer) ?? 0) + score);
        matched.set(answer, (matched.get(answer) ?? 0) + 1);
      }
    });
    const trusted = { d: DOUBTED_COUNTS, o: OUTDATED_COUNTS };
    return [...scores]
      .map(([answer, score]) => {
        const share = matched.get(answer) / terms.length;
        return [answer, score * share * share * (trusted[index.states[answer]] ?? 1)];
      })
      .sort((one, other) => other[1] - one[1] || other[0] - one[0])
      .map(([answer]) => answer);
  }

  function item(answer) {
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = `answers/${index.ids[answer]}.html`;
    link.textContent = index.titles[answer];
    link.dir = "auto";
    const lead = document.createElement("span");
    lead.className = "lead";
    lead.dir = "auto";
    lead.textContent = index.leads[answer];
    const small = document.createElement("small");
    const note = index.notes[index.states[answer]];
    small.textContent = index.days[answer] + (note ? ` · ${note}` : "");
    line.append(link, lead, small);
    if (note) line.className = "stale";
    return line;
  }

  function show() {
    const text = field.value.trim();
    const hits = text ? search(text) : [];
    results.replaceChildren(...hits.slice(0, MOST_SHOWN).map(item));
    front.hidden = text !== "";
    count.textContent = text && told(hits.length);
  }

  function told(number) {
    if (number === 0) return "Nothing was found. Fewer words find more.";
    if (number === 1) return "One answer.";
    return number > MOST_SHOWN ? `The best ${MOST_SHOWN} of ${number} answers.` : `${number} answers.`;
  }

  field.addEventListener("input", show);
  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    results.querySelector("a")?.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== field) {
      event.preventDefault();
      field.focus();
    }
  });
  field.value = new URLSearchParams(location.search).get("q") ?? field.value;
  show();
})();
