namespace Portal.Web.Features.Rest.People;

/// <summary>A password that was made up. It must be changed at the first sign-in, and is told this once.</summary>
/// <param name="PersonId">Whose it is.</param>
/// <param name="Password">The password.</param>
internal sealed record MadePassword(Guid PersonId, string Password);
