using System.Text.Json;
using Portal.Contracts.Policies;
using Portal.Data.Entities.Access;

namespace Portal.Web.Features.Policies;

/// <summary>A policy.</summary>
internal sealed record PolicyEntry(
    Guid Id, string Name, string Description, Guid? EnvironmentId, Guid? NodeId, PolicyRules Rules, DateTimeOffset UpdatedAt)
{
    public static PolicyEntry Of(PolicyRecord record) => new(
        record.Id, record.Name, record.Description, record.EnvironmentId, record.NodeId, ReadRules(record.Rules), record.UpdatedAt);

    public static string WriteRules(PolicyRules rules) => JsonSerializer.Serialize(rules, JsonSerializerOptions.Web);

    public Policy ToPolicy() => new(Name, Rules);

    private static PolicyRules ReadRules(string json) =>
        JsonSerializer.Deserialize<PolicyRules>(json, JsonSerializerOptions.Web) ?? new PolicyRules();
}
