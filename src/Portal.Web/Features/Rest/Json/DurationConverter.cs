using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Google.Protobuf.WellKnownTypes;

namespace Portal.Web.Features.Rest.Json;

/// <summary>A span of time as its seconds: <c>1.5</c>.</summary>
internal sealed class DurationConverter : JsonConverter<Duration>
{
    private const double Longest = 315_576_000_000;

    public override Duration Read(ref Utf8JsonReader reader, System.Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDouble(out var seconds) || Math.Abs(seconds) > Longest)
        {
            throw new JsonException("A span of time must be a number of seconds.");
        }

        var whole = Math.Truncate(seconds);
        return new Duration { Seconds = (long)whole, Nanos = (int)((seconds - whole) * 1_000_000_000) };
    }

    public override void Write(Utf8JsonWriter writer, Duration value, JsonSerializerOptions options) => writer.WriteRawValue(
        (value.Seconds + (value.Nanos / 1_000_000_000m)).ToString(CultureInfo.InvariantCulture));
}
