using Portal.Contracts.Permissions;
using Portal.Web.Access;

namespace Portal.Web.Features.Policies.Enforcing;

/// <summary>Somebody asked for what a policy does not allow; the message says which, what, and what is allowed.</summary>
internal sealed class PolicyDeniedException(string message) : AccessDeniedException(PermissionNames.PoliciesBypass, message);
