using System.Security.Cryptography;
using System.Text;

namespace Portal.Web.Components;

/// <summary>
/// The one script that stands in the page itself: it notices when a file that the page needs was broken off, and loads the page again.
/// The policy of the pages allows it by its hash; both come from <c>PageGuard.js</c>, so they can't drift apart.
/// </summary>
internal static class PageGuard
{
    /// <summary>The script, exactly as it stands in the page.</summary>
    public static string Script { get; } = Read();

    /// <summary>The source expression that allows it: <c>'sha256-...'</c> (Content Security Policy Level 3, 2.3.1).</summary>
    public static string PolicySource { get; } = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Script)))}'";

    private static string Read()
    {
        using var stream = typeof(PageGuard).Assembly.GetManifestResourceStream("PageGuard.js")
            ?? throw new InvalidOperationException("The page guard is missing from the portal's assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);

        // Browsers hash what they parsed, in which every line ends with a line feed.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
