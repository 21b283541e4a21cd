namespace Portal.Web.Identity;

/// <summary>An account as whoever will own it wants it.</summary>
/// <param name="UserName">Under which they sign in.</param>
/// <param name="DisplayName">As it is shown; may be empty.</param>
/// <param name="Password">That they chose.</param>
internal sealed record NewAccount(string UserName, string DisplayName, string Password);
