using Microsoft.Playwright;

namespace Xeno.Portal.Tests.Support;

/// <summary>
/// Translates pages as Google Translate does, and also those that ask not to be translated: each text node is taken out of the document,
/// and two <c>font</c> elements with another text node stand in its place. The words stay English, so that tests can read them.
/// </summary>
public static class Translation
{
    // Two ways to put something in a node's place, by turns. A framework that keeps references to text nodes, as Blazor's does, still has
    // those that are not in the document any more. The title is translated by document.title: one node replaces all of its nodes.
    private const string Translator = """
        const originals = new Map();
        let translatedTitle;
        window.translatePage = () => {
            const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            const found = [];
            while (texts.nextNode())
                if (texts.currentNode.data.trim() && !texts.currentNode.parentElement.closest("font, script, style, textarea, svg"))
                    found.push(texts.currentNode);
            for (const text of found) {
                const outer = document.createElement("font"), inner = document.createElement("font");
                outer.style.verticalAlign = inner.style.verticalAlign = "inherit";
                inner.append(text.data);
                outer.append(inner);
                originals.set(outer, text);
                if (originals.size % 2) text.replaceWith(outer);
                else {
                    text.before(outer);
                    text.remove();
                }
            }
            const title = document.querySelector("title");
            if (title?.lastChild && title.lastChild !== translatedTitle) {
                document.title = title.textContent;
                translatedTitle = title.lastChild;
            }
        };
        window.showOriginal = () => {
            for (const [translation, text] of originals)
                if (translation.isConnected)
                    translation.replaceWith(text);
            originals.clear();
        };
        """;

    private const string AtOnce = """
        addEventListener("DOMContentLoaded", () => {
            translatePage();
            new MutationObserver(translatePage)
                .observe(document.documentElement, { childList: true, subtree: true, characterData: true });
        });
        """;

    /// <summary>Translates all pages of the browser from now on: when the test says so, or also each text as soon as it arrives.</summary>
    public static Task TranslateAsync(this IBrowserContext context, bool atOnce)
        => context.AddInitScriptAsync(Translator + (atOnce ? AtOnce : ""));

    /// <summary>Translates what the page shows now.</summary>
    public static Task TranslateAsync(this IPage page) => page.EvaluateAsync("translatePage()");

    /// <summary>Shows the page as it was before it was translated, by the text nodes that were taken out.</summary>
    public static Task ShowOriginalAsync(this IPage page) => page.EvaluateAsync("showOriginal()");
}
