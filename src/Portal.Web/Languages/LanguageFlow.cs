using System.Globalization;

namespace Portal.Web.Languages;

/// <summary>Takes the reader's language along to where it would be lost.</summary>
internal static class LanguageFlow
{
    /// <summary>For what the audit log and programs read, from words that pages show in the reader's language.</summary>
    public static TResult InEnglish<TResult>(Func<TResult> read) => In(Language.English, read);

    /// <summary>For what is told to somebody whose language is known, outside of their page.</summary>
    public static TResult In<TResult>(Language language, Func<TResult> read)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = language.Culture;
        try
        {
            return read();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    /// <summary>
    /// For handlers of what one object tells all pages: it is told in the flow of whoever caused it, and a page that drew itself there would
    /// be drawn in that one's language.
    /// </summary>
    public static Action Keep(Action handler)
    {
        var culture = CultureInfo.CurrentUICulture;
        return () =>
        {
            var before = CultureInfo.CurrentUICulture;
            CultureInfo.CurrentUICulture = culture;
            try
            {
                handler();
            }
            finally
            {
                CultureInfo.CurrentUICulture = before;
            }
        };
    }
}
