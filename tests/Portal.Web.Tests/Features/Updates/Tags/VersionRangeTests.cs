using Portal.Web.Features.Updates.Tags;

namespace Portal.Web.Tests.Features.Updates.Tags;

/// <summary>Ranges as npm reads them.</summary>
public sealed class VersionRangeTests
{
    [Theory]
    [InlineData("^1.4", "1.4.0 1.4.9 1.99.0", "1.3.9 2.0.0 1.5.0-rc.1 2.0.0-rc.1")]
    [InlineData("^0.3.1", "0.3.1 0.3.9", "0.3.0 0.4.0 1.0.0")]
    [InlineData("^0.0.3", "0.0.3", "0.0.4 0.0.2")]
    [InlineData("~2.1", "2.1.0 2.1.30", "2.2.0 2.0.9")]
    [InlineData("~2.1.3", "2.1.3 2.1.4", "2.1.2 2.2.0")]
    [InlineData(">=1 <3", "1.0.0 2.9.9", "0.9.9 3.0.0 3.0.0-rc.1")]
    [InlineData(">= 1.2, < 1.4", "1.2.0 1.3.9", "1.1.9 1.4.0")]
    [InlineData(">1.2", "1.3.0 2.0.0", "1.2.0 1.2.9")]
    [InlineData("<=1.2", "1.2.9 0.1.0", "1.3.0")]
    [InlineData("1.x", "1.0.0 1.9.9", "2.0.0 0.9.0")]
    [InlineData("1.2.*", "1.2.0 1.2.7", "1.3.0")]
    [InlineData("1.2 - 1.4", "1.2.0 1.4.9", "1.1.9 1.5.0")]
    [InlineData("1.2.3 - 1.4.5", "1.2.3 1.4.5", "1.4.6")]
    [InlineData("^1 || ^3", "1.5.0 3.1.0", "2.0.0 4.0.0")]
    [InlineData("=1.2.3", "1.2.3 1.2.3+build", "1.2.4")]
    [InlineData("v1.2.3", "1.2.3", "1.2.4")]
    [InlineData("*", "0.0.0 9.9.9", "1.0.0-rc.1")]
    [InlineData("", "0.0.0 9.9.9", "1.0.0-rc.1")]
    [InlineData("^1.2.3-beta.2", "1.2.3-beta.2 1.2.3-beta.3 1.2.3 1.9.0", "1.2.3-beta.1 1.3.0-beta.3 2.0.0")]
    public void Contains_WithoutPreReleases_IsAsItIsWritten(string text, string inside, string outside) => Check(text, false, inside, outside);

    [Theory]
    [InlineData("^1.4", "1.4.0-rc.1 1.5.0-rc.1 1.9.9", "2.0.0-rc.1 1.3.9")]
    [InlineData("*", "1.0.0-rc.1 1.0.0", "")]
    [InlineData(">1.2", "1.3.0-rc.1", "1.2.9 1.2.0-rc.1")]
    [InlineData("<2", "1.9.9 1.0.0-rc.1", "2.0.0-rc.1 2.0.0")]
    public void Contains_WithPreReleases_HasThoseOfOtherReleasesToo(string text, string inside, string outside) =>
        Check(text, true, inside, outside);

    [Theory]
    [InlineData("newest")]
    [InlineData("^")]
    [InlineData("> *")]
    [InlineData("1.2.3.4")]
    [InlineData("1.x.3")]
    [InlineData("~>1.2")]
    [InlineData("!=1.2.3")]
    [InlineData(">=1.0.0 - 2.0.0")]
    [InlineData("01.2")]
    [InlineData("^1 |||| ^2 foo")]
    public void Parse_OfWhatIsNone_IsNull(string text) => Assert.Null(VersionRange.Parse(text, false));

    [Fact]
    public void Parse_OfEndlessText_IsNull()
    {
        Assert.Null(VersionRange.Parse(new string('1', 201), false));
        Assert.Null(VersionRange.Parse(string.Join("||", Enumerable.Repeat("1", 11)), false));
    }

    private static void Check(string text, bool preReleases, string inside, string outside)
    {
        var range = VersionRange.Parse(text, preReleases)!;
        Assert.All(Versions(inside), version => Assert.True(range.Contains(version.Version), version.Text));
        Assert.All(Versions(outside), version => Assert.False(range.Contains(version.Version), version.Text));
    }

    private static IEnumerable<(string Text, SemanticVersion Version)> Versions(string texts) =>
        texts.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => (text, SemanticVersion.Parse(text)!));
}
