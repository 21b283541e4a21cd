using System.Text.RegularExpressions;

namespace Portal.Architecture.Tests;

/// <summary>Every page is judged for who reads it with a keyboard, a screen reader or a phone: a new one enters the list of the browser test.</summary>
public sealed partial class JudgedPagesTests
{
    // Judged apart, or of a thing that comes to be only by people's or nodes' work; each of those is drawn by parts of pages that are judged.
    private static readonly string[] s_left =
    [
        "/not-found", "/error", "/status/{}", "/sign-in", "/sign-in/code", "/sign-in/return/{}", "/sign-in/with/{}", "/setup", "/invitation/{}",
        "/builds/{}", "/deployments/{}", "/jobs/{}/runs/{}", "/webhooks/{}/deliveries/{}", "/consoles/recordings/{}",
        "/access/{}",
    ];

    [Fact]
    public void Pages_All_AreInTheListOfTheBrowserTest()
    {
        var tests = Path.Combine(Repository.Root, "tests", "Portal.E2E.Tests", "Browser");
        var judged = Literals().Matches(File.ReadAllText(Path.Combine(tests, "AccessibilityTests.cs")) + File.ReadAllText(Path.Combine(tests, "JudgedThings.cs")))
            .Select(literal => literal.Groups["path"].Value
                .Replace("{_container}", "nodes/{}/containers/{}", StringComparison.Ordinal)
                .Replace("{_image}", "nodes/{}/images/{}", StringComparison.Ordinal)
                .Replace("{_node}", "nodes/{}", StringComparison.Ordinal))
            .ToList();

        var missing = Routes()
            .Where(route => !s_left.Contains(route) && !judged.Any(path => Pattern(route).IsMatch(path)))
            .ToList();

        Assert.True(missing.Count == 0, $"Add these to AccessibilityTests, or say here why not: {string.Join(", ", missing)}");
        Assert.Empty(s_left.Except(Routes()));
    }

    private static List<string> Routes() =>
    [
        .. Directory.GetFiles(Path.Combine(Repository.Root, "src", "Portal.Web"), "*.razor", SearchOption.AllDirectories)
            .SelectMany(file => Page().Matches(File.ReadAllText(file)))
            .Select(page => Parameter().Replace(page.Groups["route"].Value, parameter => parameter.Value.EndsWith("?}", StringComparison.Ordinal) ? "{?}" : "{}"))
            .Distinct(),
    ];

    // What may be left out at the end of a route may be left out of an address.
    private static Regex Pattern(string route) => new(
        "^" + Regex.Escape(route).Replace("/\\{\\?}", "(/[^/]+)?", StringComparison.Ordinal).Replace("\\{}", "[^/]+", StringComparison.Ordinal) + "(\\?.*)?$");

    [GeneratedRegex("""^@page "(?<route>[^"]+)"$""", RegexOptions.Multiline)]
    private static partial Regex Page();

    [GeneratedRegex("{[^}]+}")]
    private static partial Regex Parameter();

    [GeneratedRegex("\"(?<path>/[^\"]*)\"")]
    private static partial Regex Literals();
}
