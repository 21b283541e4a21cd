namespace Portal.Web.Features.Rest.People;

/// <summary>A person to make.</summary>
/// <param name="UserName">To sign in with.</param>
/// <param name="Role">On everything: the name of a built-in role or the id of another.</param>
/// <param name="DisplayName">To be shown.</param>
internal sealed record NewPerson(string UserName, string Role, string DisplayName = "");
