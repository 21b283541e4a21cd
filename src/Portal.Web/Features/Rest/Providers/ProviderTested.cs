namespace Portal.Web.Features.Rest.Providers;

/// <summary>What a provider answered.</summary>
/// <param name="Good">Whether all is well, as far as that can be told without a person.</param>
/// <param name="Text">In words.</param>
internal sealed record ProviderTested(bool Good, string Text);
