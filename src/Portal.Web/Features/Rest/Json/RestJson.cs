using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Portal.Web.Features.Rest.Json;

/// <summary>How the REST API reads and writes JSON.</summary>
internal static class RestJson
{
    private const int Depth = 32;

    /// <summary>Strict: unknown and doubled members, other cases, numbers in quotes and nulls where none may be are refused.</summary>
    public static JsonSerializerOptions Options { get; } = MakeStrict();

    /// <summary>What the document of the API must know too.</summary>
    public static void Shape(JsonSerializerOptions options)
    {
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver().WithAddedModifier(ContractMessages.Shape);
        options.NumberHandling = JsonNumberHandling.Strict;
        options.MaxDepth = Depth;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        options.Converters.Add(new TimestampConverter());
        options.Converters.Add(new DurationConverter());
    }

    private static JsonSerializerOptions MakeStrict()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            PropertyNameCaseInsensitive = false,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowDuplicateProperties = false,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
        };
        Shape(options);
        options.MakeReadOnly();
        return options;
    }
}
