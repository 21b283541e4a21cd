using Portal.Web.Features.Updates.Tags;

namespace Portal.Web.Tests.Features.Updates.Tags;

/// <summary>Versions by semver.org 2.0.0, sections 2, 9, 10 and 11.</summary>
public sealed class SemanticVersionTests
{
    [Theory]
    [InlineData("0.0.0")]
    [InlineData("1.2.3")]
    [InlineData("v1.2.3")]
    [InlineData("1.2.3-rc.1")]
    [InlineData("1.2.3-0A.x-y")]
    [InlineData("1.2.3+build.007")]
    [InlineData("99999999999999999999.1.0")]
    public void Parse_OfOne_ReadsIt(string text) => Assert.NotNull(SemanticVersion.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("v")]
    [InlineData("1")]
    [InlineData("1.2")]
    [InlineData("1.2.3.4")]
    [InlineData("01.2.3")]
    [InlineData("1.2.3-")]
    [InlineData("1.2.3-rc..1")]
    [InlineData("1.2.3-01")]
    [InlineData("1.2.3+")]
    [InlineData("1.2.3-rc_1")]
    [InlineData("-1.2.3")]
    [InlineData("1.2.٣")]
    [InlineData("latest")]
    public void Parse_OfAnythingElse_IsNull(string text) => Assert.Null(SemanticVersion.Parse(text));

    [Fact]
    public void Parse_OfAnEndlessText_IsNull() => Assert.Null(SemanticVersion.Parse("1.2." + new string('3', 1000)));

    [Fact]
    public void CompareTo_OfTheSpecificationsOwnExamples_OrdersThemAsItSays()
    {
        string[] order =
        [
            "0.9.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0",
            "1.0.9", "1.0.10", "1.9.0", "1.10.0", "2.0.0", "20000000000000000000.0.0",
        ];
        var mixed = order.Reverse().Select(text => (text, Version: SemanticVersion.Parse(text)!)).OrderBy(one => one.Version);

        Assert.Equal(order, mixed.Select(one => one.text));
        Assert.Equal(0, SemanticVersion.Parse("1.0.0+a")!.CompareTo(SemanticVersion.Parse("1.0.0+b")));
    }
}
