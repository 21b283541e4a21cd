using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Portal.Engine.Api.Containers.Mapping;
using Portal.Engine.Api.Json;
using Portal.Engine.Containers;

namespace Portal.Engine.Api.Containers;

/// <summary>What <c>docker inspect</c> prints for a container, for those who show it elsewhere.</summary>
public static class DockerInspect
{
    /// <summary>One JSON object, indented.</summary>
    public static string Format(ContainerInfo container)
    {
        using var stream = new MemoryStream();
        var options = new JsonWriterOptions { Indented = true, IndentSize = 4, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var writer = new Utf8JsonWriter(stream, options))
        {
            JsonSerializer.Serialize(writer, ContainerViews.Inspect(container), DockerJsonContext.Default.ContainerInspectModel);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }
}
