namespace Portal.Web.Identity.Providers;

/// <summary>A provider, as a person's profile shows it.</summary>
/// <param name="ProviderId">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Offered">Whether people can sign in by it now.</param>
/// <param name="Account">What the person's account there is called; null when none is linked.</param>
internal sealed record PersonLink(Guid ProviderId, string Name, bool Offered, string? Account);
