namespace Portal.Web.Features.Webhooks.Matching;

/// <summary>What a value of a JSON body must be.</summary>
/// <param name="Path">Leads to the value, see <see cref="JsonPath"/>.</param>
/// <param name="Pattern">What it must match, see <see cref="Glob"/>; <c>**</c> for anything at all.</param>
public sealed record JsonCondition(string Path, string Pattern);
