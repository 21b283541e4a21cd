namespace Portal.Web.Features.Rest.Containers;

/// <summary>Whether a registry is asked.</summary>
/// <param name="Queued">False when it was asked within the last minute, wants to be left alone, or there is nothing to ask for.</param>
internal sealed record ImageChecked(bool Queued);
