namespace Portal.Web.Access.Policies;

/// <summary>
/// Of a page or an endpoint that somebody may use who still has a password that somebody else chose: what it takes to choose an own one, or to leave.
/// All else is shut to them until then.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OpenWhilePasswordIsDueAttribute : Attribute;
