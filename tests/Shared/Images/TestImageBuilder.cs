using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Testing.Images;

/// <summary>
/// Builds an image layer by layer and writes it as an OCI image layout, from which skopeo makes everything else. It knows nothing of
/// the engine, so that the engine is tested against what others write.
/// </summary>
public sealed class TestImageBuilder
{
    private const string Created = "2024-01-01T00:00:00Z";
    private readonly List<byte[]> _layers = [];

    /// <summary><c>Cmd</c>.</summary>
    public IReadOnlyList<string>? Command { get; set; }

    /// <summary><c>Entrypoint</c>.</summary>
    public IReadOnlyList<string>? Entrypoint { get; set; }

    /// <summary><c>Env</c>.</summary>
    public IReadOnlyList<string> Environment { get; set; } =
        ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"];

    /// <summary>Further members of the configuration's <c>config</c>, such as <c>User</c>, <c>Labels</c>, <c>ExposedPorts</c>.</summary>
    public JsonObject Extra { get; } = [];

    /// <summary>The architecture that the configuration claims, in Go's words; the host's unless set.</summary>
    public string Architecture { get; set; } =
        System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64
            ? "arm64"
            : "amd64";

    /// <summary>The uncompressed layers, lowest first.</summary>
    public IReadOnlyList<byte[]> Layers => _layers;

    /// <summary>The uncompressed layers' digests, lowest first.</summary>
    public IReadOnlyList<string> DiffIds => [.. _layers.Select(Digest)];

    /// <summary><c>sha256:...</c> of some bytes.</summary>
    public static string Digest(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    /// <summary>Adds a layer on top. Entries get fixed times, so the same calls give the same digests.</summary>
    public TestImageBuilder AddLayer(Action<TarWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            write(writer);
        }

        return AddRawLayer(stream.ToArray());
    }

    /// <summary>Adds a layer whose bytes are as given, well formed or not.</summary>
    public TestImageBuilder AddRawLayer(byte[] tar)
    {
        _layers.Add(tar);
        return this;
    }

    /// <summary>Adds a layer that holds one text file.</summary>
    public TestImageBuilder AddFile(string path, string content)
    {
        return AddLayer(writer => writer.WriteFile(path, System.Text.Encoding.UTF8.GetBytes(content)));
    }

    /// <summary>The configuration's bytes.</summary>
    public byte[] BuildConfig()
    {
        var config = (JsonObject)Extra.DeepClone();
        config["Env"] = new JsonArray([.. Environment.Select(value => (JsonNode)value)]);
        if (Command is not null)
        {
            config["Cmd"] = new JsonArray([.. Command.Select(value => (JsonNode)value)]);
        }

        if (Entrypoint is not null)
        {
            config["Entrypoint"] = new JsonArray([.. Entrypoint.Select(value => (JsonNode)value)]);
        }

        var document = new JsonObject
        {
            ["created"] = Created,
            ["architecture"] = Architecture,
            ["os"] = "linux",
            ["config"] = config,
            ["rootfs"] = new JsonObject
            {
                ["type"] = "layers",
                ["diff_ids"] = new JsonArray([.. DiffIds.Select(value => (JsonNode)value)]),
            },
            ["history"] = new JsonArray([.. _layers.Select((_, index) => (JsonNode)new JsonObject
            {
                ["created"] = Created,
                ["created_by"] = $"layer {index}",
            })]),
        };
        return JsonSerializer.SerializeToUtf8Bytes(document);
    }

    /// <summary>Writes an OCI image layout (image-spec, <c>image-layout.md</c>) into a folder, with gzip layers unless told otherwise.</summary>
    public void WriteLayout(string folder, string tag = "latest", bool gzip = true)
    {
        Directory.CreateDirectory(Path.Combine(folder, "blobs", "sha256"));
        var layers = new JsonArray();
        foreach (var layer in _layers)
        {
            var media = "application/vnd.oci.image.layer.v1.tar" + (gzip ? "+gzip" : "");
            layers.Add(WriteBlob(folder, gzip ? Compress(layer) : layer, media));
        }

        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
            ["config"] = WriteBlob(folder, BuildConfig(), "application/vnd.oci.image.config.v1+json"),
            ["layers"] = layers,
        };
        var descriptor = WriteBlob(
            folder, JsonSerializer.SerializeToUtf8Bytes(manifest), "application/vnd.oci.image.manifest.v1+json");
        descriptor["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = tag };
        var index = new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(descriptor) };
        File.WriteAllBytes(Path.Combine(folder, "index.json"), JsonSerializer.SerializeToUtf8Bytes(index));
        File.WriteAllText(Path.Combine(folder, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
    }

    private static JsonObject WriteBlob(string folder, byte[] content, string mediaType)
    {
        var digest = Digest(content);
        File.WriteAllBytes(Path.Combine(folder, "blobs", "sha256", digest["sha256:".Length..]), content);
        return new JsonObject { ["mediaType"] = mediaType, ["digest"] = digest, ["size"] = content.Length };
    }

    private static byte[] Compress(byte[] content)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return output.ToArray();
    }
}
