using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Images.Formats;

namespace Portal.Engine.Tests.Images;

public sealed class PlatformChoiceTests
{
    [Theory]
    [InlineData("linux", "arm", "v7", "arm/v7")]
    [InlineData("linux", "arm", "v6", "arm/v6")]
    [InlineData("linux", "arm", "v8", "arm/v7")]
    [InlineData("linux", "arm64", null, "arm64")]
    [InlineData("linux", "arm64", "v8", "arm64")]
    [InlineData("linux", "amd64", null, "amd64")]
    [InlineData("linux", "amd64", "v3", "amd64")]
    public void Choose_Variants_TakesTheBestThatRuns(string os, string architecture, string? variant, string expected)
    {
        var index = Index("amd64", "arm/v6", "arm/v7", "arm64");

        var chosen = PlatformChoice.Choose(index, new ImagePlatform(os, architecture, variant), "it");

        Assert.Equal(expected, chosen.Annotations!["is"]);
    }

    [Theory]
    [InlineData("amd64", null, "386 amd64 amd64/v2 amd64/v3", "amd64")]
    [InlineData("amd64", "v1", "386 amd64", "amd64")]
    [InlineData("amd64", "v3", "amd64 amd64/v2 amd64/v4", "amd64/v2")]
    [InlineData("amd64", null, "arm64 386", "386")]
    [InlineData("x86_64", null, "arm64 amd64", "amd64")]
    [InlineData("aarch64", null, "arm/v7 arm64/v8", "arm64/v8")]
    [InlineData("arm64", null, "arm/v6 arm/v7 amd64", "arm/v7")]
    [InlineData("arm64", "v9", "arm64 arm/v7", "arm64")]
    [InlineData("arm", null, "arm/v5 arm/v6 arm/v7", "arm/v7")]
    [InlineData("arm", "v7", "arm/v5 arm", "arm")]
    [InlineData("arm", "6", "arm/v5 arm/v7", "arm/v5")]
    [InlineData("armhf", null, "arm/v6 arm/v7", "arm/v7")]
    [InlineData("386", null, "amd64 386", "386")]
    public void Choose_Platform_FollowsDockersOrder(string architecture, string? variant, string offered, string expected)
    {
        var chosen = PlatformChoice.Choose(Index(offered.Split(' ')), new ImagePlatform("linux", architecture, variant), "it");

        Assert.Equal(expected, chosen.Annotations!["is"]);
    }

    [Theory]
    [InlineData("amd64", null, "amd64", null, false)]
    [InlineData("amd64", null, "386", null, false)]
    [InlineData("386", null, "amd64", null, true)]
    [InlineData("arm", "v6", "arm", null, false)]
    [InlineData("arm", "v6", "arm", "v7", true)]
    [InlineData("arm", "v7", "arm", "v6", false)]
    [InlineData("arm64", "v8", "arm64", null, false)]
    [InlineData("amd64", null, "arm64", "v8", true)]
    public void IsOther_Configuration_IsJudgedByWhatRuns(
        string wanted, string? wantedVariant, string actual, string? actualVariant, bool expected)
    {
        Assert.Equal(
            expected,
            PlatformChoice.IsOther(new ImagePlatform("linux", wanted, wantedVariant), new ImagePlatform("linux", actual, actualVariant)));
    }

    [Theory]
    [InlineData("linux", "s390x", null)]
    [InlineData("windows", "amd64", null)]
    [InlineData("linux", "arm", "v5")]
    public void Choose_NothingThatFits_SaysWhatThereIs(string os, string architecture, string? variant)
    {
        var failure = Assert.Throws<EngineException>(
            () => PlatformChoice.Choose(Index("amd64", "arm/v6"), new ImagePlatform(os, architecture, variant), "it"));

        Assert.Equal(EngineErrorKind.NotFound, failure.Kind);
        Assert.Contains("linux/amd64, linux/arm/v6", failure.Message);
    }

    private static ManifestDocument Index(params string[] platforms)
    {
        return new ManifestDocument
        {
            Manifests = [.. platforms.Select(text => new Descriptor
            {
                Platform = new DescriptorPlatform
                {
                    Os = "linux", Architecture = text.Split('/')[0], Variant = text.Contains('/') ? text.Split('/')[1] : null,
                },
                Annotations = new Dictionary<string, string> { ["is"] = text },
            })],
        };
    }
}
