using System.Text.Json.Serialization;

namespace Portal.Engine.Distribution.Signatures.Bundles;

/// <summary>An in-toto statement (in-toto attestation, <c>statement.md</c>); what it states is not read.</summary>
internal sealed record StatementDocument
{
    [JsonPropertyName("_type")]
    public string? Type { get; init; }

    public IReadOnlyList<About?>? Subject { get; init; }

    public string? PredicateType { get; init; }

    /// <summary>What it is about.</summary>
    internal sealed record About
    {
        public Dictionary<string, string?>? Digest { get; init; }
    }
}
