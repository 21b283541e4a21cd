// What scripts say to people, in the page's language. The English text is the key, as in the server's code (Languages/Texts.cs); the
// translations come with the page, from Languages/Texts/CODE/scripts.json.

const language = document.documentElement.lang || "en";
const texts = JSON.parse(document.getElementById("portal-texts")?.textContent || "{}");

// How dates and numbers are written: as in the reader's own country, where the browser names one of the page's language.
export const locale = navigator.languages?.find((tag) => tag.toLowerCase().split("-")[0] === language.toLowerCase().split("-")[0]) ?? language;

export function text(english, ...values) {
  return (texts[english] ?? english).replace(/\{(\d)\}/g, (place, index) => values[index] ?? place);
}
