using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Web.Identity.Providers;

/// <summary>Who may come in by a provider, and into which teams. Kept in JSON.</summary>
public sealed record ProviderSettings
{
    private static readonly JsonSerializerOptions s_json = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>What is asked for, separated by spaces.</summary>
    public string Scopes { get; init; } = "";

    /// <summary>The claim with the names of groups; dots lead into objects. Empty for none.</summary>
    public string GroupClaim { get; init; } = "";

    /// <summary>Whether who comes for the first time gets an account.</summary>
    public bool AllowsNew { get; init; }

    /// <summary>The key of the role, on everything, of who comes for the first time; empty for none.</summary>
    public string NewRole { get; init; } = "";

    /// <summary>The team of who comes for the first time; null for none.</summary>
    public Guid? NewTeam { get; init; }

    /// <summary>Only who has a verified mail address in one of these domains may come in; empty for no such limit.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>Only who is in one of these groups may come in; empty for no such limit.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Which groups put people into which teams.</summary>
    public IReadOnlyList<GroupTeam> Teams { get; init; } = [];

    public static ProviderSettings Parse(string json) =>
        JsonSerializer.Deserialize<ProviderSettings>(json, s_json) ?? new ProviderSettings();

    public string ToJson() => JsonSerializer.Serialize(this, s_json);
}
