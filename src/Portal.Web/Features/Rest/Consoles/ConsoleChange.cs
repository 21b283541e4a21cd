using Portal.Contracts.Consoles.V1;

namespace Portal.Web.Features.Rest.Consoles;

/// <summary>What one's own console shall be called, and who else may use it.</summary>
internal sealed record ConsoleChange(string Name, ConsoleSharing Sharing);
