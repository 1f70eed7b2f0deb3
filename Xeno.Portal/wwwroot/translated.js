// A browser's translation takes the page's text nodes away and puts elements with other words in their places. The circuit goes on writing
// to its own nodes: nobody would see what it says, and taking out a node that is nowhere, or putting something before it, would end the
// circuit. So each node comes back, empty, in front of the words that stand for it. When the circuit changes or takes out a node, those
// words go, and the translator finds new text to translate. Authors of pages and components need not think of any of this.
(() => {
  const translations = new WeakMap(); // by the node that they stand for
  const originals = new WeakMap(); // the nodes that a translation stands for, each with its words

  // Circuits draw no "font". A title holds text only, so there a translation is a text node too.
  const isTranslation = node => node.nodeName === "FONT" || (node.nodeName === "#text" && node.parentNode?.nodeName === "TITLE");

  const keep = (text, translation) => {
    if (!originals.has(translation)) originals.set(translation, new Map());
    originals.get(translation).set(text, text.data);
    translations.set(text, translation);
    text.data = "";
    translation.before(text);
  };

  const release = (translation, changed) => {
    for (const [text, words] of originals.get(translation)) {
      if (text !== changed) text.data = words;
      translations.delete(text);
    }
    originals.delete(translation);
    translation.remove();
  };

  const observer = new MutationObserver(records => {
    const added = new Set(records.flatMap(record => [...record.addedNodes]).filter(isTranslation));
    for (const { type, target, addedNodes, removedNodes, previousSibling, nextSibling } of records) {
      if (type === "characterData" && translations.has(target)) release(translations.get(target), target);
      for (const node of removedNodes) {
        const translation = translations.get(node);
        if (originals.has(node) && !node.isConnected) release(node); // The reader wants the original text.
        else if (translation && !node.isConnected) release(translation, node);
        else if (node.nodeName === "#text" && !node.isConnected) {
          const words = [...addedNodes, previousSibling, nextSibling].find(other => added.has(other) && other.isConnected);
          if (words) keep(node, words);
        }
      }
    }
    observer.takeRecords(); // What was done here itself.
  });
  observer.observe(document, { subtree: true, childList: true, characterData: true });
})();
