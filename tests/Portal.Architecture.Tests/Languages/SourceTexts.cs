using System.Text.RegularExpressions;

namespace Portal.Architecture.Tests.Languages;

/// <summary>The texts that the portal's source marks for translation, as docs/languages.md tells to mark them.</summary>
internal static partial class SourceTexts
{
    public static string Root { get; } = Path.Combine(Repository.Root, "src", "Portal.Web");

    /// <summary>Each text with the files that use it.</summary>
    public static ILookup<SourceText, string> All { get; } = Files("*.razor", "*.cs").SelectMany(In)
        .Concat(Files("*.js").SelectMany(InScript))
        .Concat(InCatalog())
        .Concat(Files("*.yaml").Where(file => file.Contains("/Templates/Shipped/", StringComparison.Ordinal)).SelectMany(InTemplate))
        .ToLookup(found => found.Text, found => found.File);

    /// <summary>The portal's own source, without what a build puts there.</summary>
    public static IEnumerable<string> Files(params string[] patterns) => patterns
        .SelectMany(pattern => Directory.EnumerateFiles(Root, pattern, SearchOption.AllDirectories))
        .Select(file => Path.GetRelativePath(Root, file))
        .Where(file => !Built().IsMatch(file));

    private static IEnumerable<(SourceText Text, string File)> In(string file)
    {
        if (file.StartsWith("Languages/", StringComparison.Ordinal))
        {
            yield break;
        }

        var source = File.ReadAllText(Path.Combine(Root, file));
        foreach (Match call in Call().Matches(source))
        {
            yield return (new(Joined(call.Groups["text"].Captures), null, IsInScripts: false, call.Groups["kind"].Value == "E"), file);
        }

        foreach (Match call in Plurals().Matches(source))
        {
            yield return (new(Unescape(call.Groups["one"].Value), Unescape(call.Groups["other"].Value), IsInScripts: false), file);
        }
    }

    private static IEnumerable<(SourceText Text, string File)> InScript(string file) =>
        ScriptCall().Matches(File.ReadAllText(Path.Combine(Root, file)))
            .Select(call => (new SourceText(Unescape(call.Groups["text"].Value), null, IsInScripts: true), file));

    // The words for permissions stand beside their names, which agents know too; pages translate them.
    private static IEnumerable<(SourceText Text, string File)> InCatalog()
    {
        const string file = "src/Portal.Contracts/Permissions/PermissionCatalog.cs";
        return CatalogEntry().Matches(File.ReadAllText(Path.Combine(Repository.Root, file)))
            .SelectMany(entry => new[] { entry.Groups["title"], entry.Groups["description"] })
            .Select(text => (new SourceText(Unescape(text.Value), null, IsInScripts: false), file));
    }

    // What the templates that come with the portal ask and say; their titles are names.
    private static IEnumerable<(SourceText Text, string File)> InTemplate(string file) =>
        TemplateText().Matches(File.ReadAllText(Path.Combine(Root, file)).Split("\nservices:")[0])
            .Select(found => (new SourceText(found.Groups["text"].Value.Trim(), null, IsInScripts: false), file));

    private static string Joined(CaptureCollection parts) => string.Concat(parts.Select(part => Unescape(part.Value)));

    private static string Unescape(string literal) => literal.Replace("\\\"", "\"").Replace("\\'", "'").Replace("\\\\", "\\");

    [GeneratedRegex(@"(^|/)(bin|obj|node_modules|lib)/")]
    private static partial Regex Built();

    [GeneratedRegex("""(?<![\w.])(?<kind>[TNE])\(\s*"(?<text>([^"\\]|\\.)*)"(\s*\+\s*"(?<text>([^"\\]|\\.)*)")*""")]
    private static partial Regex Call();

    [GeneratedRegex("""(^  (category|description): (?<text>.+)|[{,] (label|help): ("(?<text>[^"]+)"|(?<text>[^,}"]+)))""", RegexOptions.Multiline)]
    private static partial Regex TemplateText();

    [GeneratedRegex("""new\(\s*(\w+,\s*)?"(?<title>([^"\\]|\\.)*)",\s*"(?<description>([^"\\]|\\.)*)"\s*[,)]""")]
    private static partial Regex CatalogEntry();

    // The count itself may hold calls and commas, but no text.
    [GeneratedRegex("""(?<![\w.])Plural\([^"]*?"(?<one>([^"\\]|\\.)*)",\s*"(?<other>([^"\\]|\\.)*)"(?=\s*[,)])""")]
    private static partial Regex Plurals();

    [GeneratedRegex("""(?<![\w.])text\(\s*(?<quote>["'])(?<text>(\\.|(?!\k<quote>).)*)\k<quote>""")]
    private static partial Regex ScriptCall();
}

/// <summary>A text of the source.</summary>
/// <param name="English">The text; of one with a count the form for one.</param>
/// <param name="Other">The form for any other number; null for a text without a count.</param>
/// <param name="IsInScripts">Shown by a script.</param>
/// <param name="IsRefusal">Said in English first, with values in it.</param>
internal sealed record SourceText(string English, string? Other, bool IsInScripts, bool IsRefusal = false);
