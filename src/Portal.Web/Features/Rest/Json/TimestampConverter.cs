using System.Text.Json;
using System.Text.Json.Serialization;
using Google.Protobuf.WellKnownTypes;

namespace Portal.Web.Features.Rest.Json;

/// <summary>A moment as RFC 3339 has it.</summary>
internal sealed class TimestampConverter : JsonConverter<Timestamp>
{
    public override Timestamp Read(ref Utf8JsonReader reader, System.Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return reader.GetDateTimeOffset().ToTimestamp();
        }
        catch (Exception failure) when (failure is FormatException or InvalidOperationException)
        {
            throw new JsonException("A moment must look like 2026-01-31T12:00:00Z.", failure);
        }
    }

    public override void Write(Utf8JsonWriter writer, Timestamp value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToDateTimeOffset());
}
