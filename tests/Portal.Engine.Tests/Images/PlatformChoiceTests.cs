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
