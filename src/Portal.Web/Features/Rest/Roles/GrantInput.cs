namespace Portal.Web.Features.Rest.Roles;

/// <summary>A role to give: on everything, or on an environment, a node or a stack, of which one at most is named.</summary>
/// <param name="Role">The name of a built-in role or the id of another.</param>
/// <param name="EnvironmentId">On an environment.</param>
/// <param name="NodeId">On a node.</param>
/// <param name="StackId">On a stack.</param>
internal sealed record GrantInput(string Role, Guid? EnvironmentId = null, Guid? NodeId = null, Guid? StackId = null);
