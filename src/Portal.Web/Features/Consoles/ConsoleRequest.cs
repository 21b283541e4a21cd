using Portal.Web.Features.Containers;

namespace Portal.Web.Features.Consoles;

/// <summary>What a console shall be.</summary>
/// <param name="Container">The container.</param>
/// <param name="Command">The program with its arguments; empty for the first shell that the container has.</param>
/// <param name="User">Empty for the container's.</param>
public sealed record ConsoleRequest(ContainerKey Container, IReadOnlyList<string> Command, string User)
{
    /// <summary>To whom the ticket was issued.</summary>
    internal string UserId { get; init; } = "";
}
