using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Testing.Images;

namespace Portal.Engine.Linux.Tests.Images.Platforms;

/// <summary>An image for several platforms as an OCI layout: an index above one manifest for each, as other tools write it.</summary>
internal sealed class PlatformImage
{
    private const string IndexType = "application/vnd.oci.image.index.v1+json";
    private readonly Dictionary<string, string> _ids = [];

    public PlatformImage(string folder, string tag, params string[] architectures)
    {
        Folder = folder;
        var manifests = new JsonArray();
        foreach (var architecture in architectures)
        {
            var image = new TestImageBuilder { Architecture = architecture }
                .AddFile("common", "the same for all").AddFile("arch", architecture);
            image.WriteLayout(folder);
            _ids[architecture] = TestImageBuilder.Digest(image.BuildConfig());
            var entry = JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder, "index.json")))!["manifests"]![0]!.DeepClone().AsObject();
            entry.Remove("annotations");
            entry["platform"] = new JsonObject { ["os"] = "linux", ["architecture"] = architecture };
            manifests.Add(entry);
        }

        Index = JsonSerializer.SerializeToUtf8Bytes(
            new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = IndexType, ["manifests"] = manifests });
        File.WriteAllBytes(Path.Combine(folder, "blobs", "sha256", Digest[7..]), Index);
        var root = new JsonObject
        {
            ["mediaType"] = IndexType,
            ["digest"] = Digest,
            ["size"] = Index.Length,
            ["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = tag },
        };
        File.WriteAllBytes(
            Path.Combine(folder, "index.json"),
            JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(root) }));
    }

    public string Folder { get; }

    /// <summary>The index's bytes.</summary>
    public byte[] Index { get; }

    public string Digest => TestImageBuilder.Digest(Index);

    /// <summary>The digest of the manifest for an architecture.</summary>
    public string ManifestOf(string architecture) => JsonNode.Parse(Index)!["manifests"]!.AsArray()
        .Single(entry => (string)entry!["platform"]!["architecture"]! == architecture)!["digest"]!.GetValue<string>();

    /// <summary>The id of the image for an architecture.</summary>
    public string IdOf(string architecture) => _ids[architecture];
}
