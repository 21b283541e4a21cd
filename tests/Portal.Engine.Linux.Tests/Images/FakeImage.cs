using Microsoft.AspNetCore.Http;
using Portal.Testing.Images;
using Portal.Testing.Registries;

namespace Portal.Engine.Linux.Tests.Images;

/// <summary>An image as files of an OCI layout, served by a fake registry: honestly, unless a test steps in.</summary>
internal sealed class FakeImage
{
    private readonly Dictionary<string, byte[]> _blobs = [];
    private readonly byte[] _manifest;

    public FakeImage(string folder, TestImageBuilder image)
    {
        image.WriteLayout(folder);
        foreach (var path in Directory.GetFiles(Path.Combine(folder, "blobs", "sha256")))
        {
            _blobs[$"sha256:{Path.GetFileName(path)}"] = File.ReadAllBytes(path);
        }

        _manifest = _blobs.Values.Single(blob => blob.AsSpan().StartsWith("{\"schemaVersion"u8));
        LayerDigest = _blobs.Single(blob => blob.Value is [0x1F, 0x8B, ..]).Key;
    }

    /// <summary>The digest of the (only) layer's blob.</summary>
    public string LayerDigest { get; }

    public byte[] Layer => _blobs[LayerDigest];

    public byte[] Manifest => _manifest;

    /// <summary>A registry that asks <paramref name="stepIn"/> first; false means to go on honestly.</summary>
    public Task<FakeRegistry> ServeAsync(Func<HttpContext, Task<bool>> stepIn)
    {
        return FakeRegistry.StartAsync(async context =>
        {
            if (!await stepIn(context))
            {
                await ServeAsync(context);
            }
        });
    }

    public async Task ServeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var last = path[(path.LastIndexOf('/') + 1)..];
        if (path.Contains("/manifests/"))
        {
            context.Response.ContentType = "application/vnd.oci.image.manifest.v1+json";
            await SendAsync(context, _manifest);
        }
        else if (path.Contains("/blobs/") && _blobs.TryGetValue(last, out var blob))
        {
            await SendAsync(context, blob);
        }
        else
        {
            context.Response.StatusCode = path == "/v2/" ? 200 : 404;
        }
    }

    private static async Task SendAsync(HttpContext context, byte[] content)
    {
        context.Response.ContentLength = content.Length;
        await context.Response.Body.WriteAsync(content);
    }
}
