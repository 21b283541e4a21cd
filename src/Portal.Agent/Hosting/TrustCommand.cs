using System.CommandLine;
using Portal.Agent.Link;
using Portal.Agent.Link.Portals;

namespace Portal.Agent.Hosting;

/// <summary>Has a host that has joined take its portal by authorities from now on, without joining again.</summary>
/// <remarks>The way back to a pin is to leave and join: only a token carries one that can be relied on.</remarks>
internal sealed class TrustCommand(Func<Func<Task<string>>, Task<int>> tell)
{
    public Command Make(Func<ParseResult, AgentSettings> read)
    {
        var command = new Command("trust", "Has this node take its portal by authorities instead of by one certificate.");
        var options = new TrustOptions();
        options.AddTo(command);
        command.SetAction((result, cancellationToken) => tell(async () =>
        {
            var store = new IdentityStore(read(result).Paths.Identity);
            var known = store.Load() ?? throw new LinkException("This agent has not joined a portal.", LinkProblem.Refused);
            var authorities = await options.ReadAsync(result, cancellationToken).ConfigureAwait(false)
                ?? throw new LinkException("Say which authorities: --trust system or --ca FILE. For a pin leave and join again.", LinkProblem.Refused);
            var wanted = known.GoingBy(authorities);

            // Kept only when the portal passes: the node would otherwise lose its link to a mistake in an option.
            await PortalSearch.FirstAsync(
                wanted.Addresses,
                async address =>
                {
                    using var dialer = new PortalDialer(address);
                    return await dialer.AskPortalAsync(cancellationToken).ConfigureAwait(false);
                }).ConfigureAwait(false);
            store.Save(wanted);
            return $"This host takes {wanted.PortalUrl} by {authorities.Description} from now on.";
        }));
        return command;
    }
}
