using System.Text.Json.Nodes;
using Portal.Engine.Images;
using Portal.Testing.Images;
using Portal.Testing.Processes;
using Portal.Testing.Registries;

namespace Portal.Engine.Linux.Tests.Images.Platforms;

/// <summary>An engine, a real registry, and images of several platforms in it. The host's own architecture is always among them.</summary>
public abstract class PlatformTestBase : ImageTestBase
{
    private protected static readonly string Own = new TestImageBuilder().Architecture;
    private protected static readonly string Other = Own == "amd64" ? "arm64" : "amd64";

    private protected RegistryFixture Registry { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Registry = await RegistryFixture.StartAsync();
    }

    public override async Task DisposeAsync()
    {
        await Registry.DisposeAsync();
        await base.DisposeAsync();
    }

    private protected PlatformImage Make(params string[] architectures) =>
        new(Instance.TempPath($"layout-{Guid.NewGuid():N}"), "latest", architectures);

    /// <summary>Has skopeo bring all platforms into the registry.</summary>
    private protected async Task<string> PublishAsync(PlatformImage image, string name)
    {
        var reference = $"{Registry.Host}/{name}";
        await Skopeo.CopyAsync($"oci:{image.Folder}:latest", $"docker://{reference}", "--all");
        return reference;
    }

    private protected Task<ImageDetails> PullAsync(string reference, string architecture) =>
        Engine.Images.PullAsync(reference, new ImagePlatform("linux", architecture));

    /// <summary>What a tag of the registry points at, as skopeo gets it.</summary>
    private protected static async Task<JsonNode> InspectRawAsync(string reference) => JsonNode.Parse(
        await Tool.RunAsync("skopeo", "inspect", "--raw", "--tls-verify=false", $"docker://{reference}"))!;

    private protected static string[] ArchitecturesOf(JsonNode index) =>
        [.. index["manifests"]!.AsArray().Select(entry => (string)entry!["platform"]!["architecture"]!)];
}
