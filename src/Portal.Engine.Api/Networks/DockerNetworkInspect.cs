using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Portal.Engine.Api.Json;
using Portal.Engine.Containers.Networking;

namespace Portal.Engine.Api.Networks;

/// <summary>What <c>docker network inspect</c> prints for a network, for those who show it elsewhere.</summary>
public static class DockerNetworkInspect
{
    /// <summary>One JSON object, indented.</summary>
    public static string Format(NetworkListing listing)
    {
        ArgumentNullException.ThrowIfNull(listing);
        using var stream = new MemoryStream();
        var options = new JsonWriterOptions { Indented = true, IndentSize = 4, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var writer = new Utf8JsonWriter(stream, options))
        {
            JsonSerializer.Serialize(writer, NetworkViews.Model(listing, withContainers: true), DockerJsonContext.Default.NetworkModel);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }
}
