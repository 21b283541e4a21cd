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
    /// For work that a page begins and that outlives it: what it writes down is for everybody, and for programs. Its own task, since the
    /// page's circuit may end long before.
    /// </summary>
    public static Task RunInEnglish(Func<Task> work) => InEnglish(() => Task.Run(work, CancellationToken.None));

    /// <summary>
    /// For handlers of what one object tells all pages: it is told in the flow of whoever caused it, and a page that drew itself there would
    /// be drawn in that one's language.
    /// </summary>
    public static Action Keep(Action handler)
    {
        var keep = Keep<object?>(_ => handler());
        return () => keep(null);
    }

    /// <inheritdoc cref="Keep(Action)" />
    public static Action<T> Keep<T>(Action<T> handler)
    {
        var culture = CultureInfo.CurrentUICulture;
        return told =>
        {
            var before = CultureInfo.CurrentUICulture;
            CultureInfo.CurrentUICulture = culture;
            try
            {
                handler(told);
            }
            finally
            {
                CultureInfo.CurrentUICulture = before;
            }
        };
    }
}
