using System.Text.RegularExpressions;

namespace Portal.Architecture.Tests;

/// <summary>Habits that a machine can hold us to. See CONTRIBUTING.md for the reasons.</summary>
public sealed partial class SourceShapeTests
{
    private const int LongestFile = 500;
    private const int LongestLine = 140;
    private const int FullestFolder = 20;

    private static readonly string[] s_endings = [".cs", ".razor", ".js", ".css", ".sh", ".proto", ".sql"];

    [Fact]
    public void Files_OfTheProduct_AreShortEnoughToRead()
    {
        var offenders = ProductFiles()
            .Where(path => path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".razor", StringComparison.Ordinal))
            .Where(path => File.ReadLines(path).Count() > LongestFile)
            .Select(Repository.Relative);

        Assert.Empty(offenders);
    }

    [Fact]
    public void Lines_OfTheProduct_FitTheScreen()
    {
        var offenders = ProductFiles()
            .Where(path => path.EndsWith(".cs", StringComparison.Ordinal))
            .SelectMany(path => File.ReadLines(path).Select((line, index) => (path, line, number: index + 1)))
            .Where(entry => entry.line.Length > LongestLine && !IsUnbreakable(entry.line))
            .Select(entry => $"{Repository.Relative(entry.path)}:{entry.number}");

        Assert.Empty(offenders);
    }

    [Fact]
    public void Links_OfPages_StayBelowThePrefixOfThePortal()
    {
        // href="nodes", not "/nodes": PORTAL_PATH_BASE may put the portal under a prefix. PortalPath has what helps where a path is in a constant.
        var offenders = ProductFiles()
            .Where(path => path.EndsWith(".razor", StringComparison.Ordinal) || path.EndsWith(".razor.cs", StringComparison.Ordinal))
            .SelectMany(path => File.ReadLines(path).Select((line, index) => (path, line, number: index + 1)))
            .Where(entry => LeavesThePrefix().IsMatch(entry.line))
            .Select(entry => $"{Repository.Relative(entry.path)}:{entry.number}");

        Assert.Empty(offenders);
    }

    [Fact]
    public void Folders_OfTheProduct_HoldWhatOneCanSurvey()
    {
        var offenders = Repository.Files("src", ".cs")
            .GroupBy(path => Path.GetDirectoryName(path)!)
            .Where(folder => folder.Count() > FullestFolder)
            .Select(folder => $"{Repository.Relative(folder.Key)}: {folder.Count()}");

        Assert.Empty(offenders);
    }

    [Fact]
    public void Namespaces_OfTheProduct_AreTheirFolders()
    {
        var offenders = Repository.Files("src", ".cs")
            .Select(path => (path, found: NamespaceLine().Match(File.ReadAllText(path))))
            .Where(entry => entry.found.Success && !IsException(entry.path))
            .Where(entry => entry.found.Groups["name"].Value != FolderName(entry.path))
            .Select(entry => $"{Repository.Relative(entry.path)}: {entry.found.Groups["name"].Value}");

        Assert.Empty(offenders);
    }

    [Theory]
    [InlineData(@"#region")]
    [InlineData(@"\bNotImplementedException\b")]
    [InlineData(@"\bThread\.Sleep\(")]
    [InlineData(@"\basync void\b")]
    [InlineData(@"\b(TODO|FIXME|HACK)\b")]
    [InlineData(@"catch\s*(\(Exception\))?\s*\{\s*\}")]
    [InlineData(@"""/bin/(ba)?sh""\s*,\s*""-c""")]
    public void Source_OfTheProduct_HasNone(string pattern)
    {
        var regex = new Regex(pattern, RegexOptions.CultureInvariant);
        var offenders = Repository.Files("src", ".cs").Where(path => regex.IsMatch(File.ReadAllText(path))).Select(Repository.Relative);

        Assert.Empty(offenders);
    }

    /// <summary>
    /// A field that only listens is set back to what it held when a letter is answered, and loses what was typed meanwhile; one that is
    /// bound is not.
    /// </summary>
    [Fact]
    public void Fields_ThatAreTypedInto_AreBound()
    {
        var offenders = Repository.Files("src", ".razor")
            .Where(path => TypedField().IsMatch(File.ReadAllText(path)))
            .Select(Repository.Relative);

        Assert.Empty(offenders);
    }

    private static IEnumerable<string> ProductFiles() => s_endings.SelectMany(ending => Repository.Files("src", ending));

    // A long string literal or address can't be broken without harm; so can't a documented exception list in one tag.
    private static bool IsUnbreakable(string line) =>
        line.Contains("///", StringComparison.Ordinal) || line.Contains("http", StringComparison.Ordinal) || line.Count(c => c == '"') >= 2;

    // The gRPC subset keeps the namespaces of the packages that it stands in for.
    private static bool IsException(string path) => Repository.Relative(path).StartsWith("src/Portal.Grpc/", StringComparison.Ordinal);

    private static string FolderName(string path) =>
        Path.GetDirectoryName(Path.GetRelativePath(Path.Combine(Repository.Root, "src"), path))!.Replace('/', '.');

    [GeneratedRegex("""value="@[^"]*"\s+@oninput""", RegexOptions.CultureInvariant)]
    private static partial Regex TypedField();

    [GeneratedRegex("""\b(href|src|action)="/|NavigateTo\(\$?"/""")]
    private static partial Regex LeavesThePrefix();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex NamespaceLine();
}
