using Portal.Compose.Model;

namespace Portal.Compose.Placing;

/// <summary>Finds the nodes for the replicas of a stack that is spread over several.</summary>
/// <remarks>
/// Pure and stable: the same project, nodes and present placement give the same answer, and the answer as the present placement gives
/// itself. A replica stays where it is as long as it may: nodes that come do not draw replicas to them. It must leave a node that is lost
/// or drained, or where a constraint, a limit or a port does not allow it any more; one with data of its node stays with it, whatever
/// becomes of the node. What has to leave and finds no place stays as it is, if it can run there.
/// </remarks>
public static class Placer
{
    /// <param name="project">What is to run.</param>
    /// <param name="nodes">All nodes of the environment.</param>
    /// <param name="present">Where replicas are now, as far as that is known; of those that are there twice, both.</param>
    public static PlacementResult Place(ComposeProject project, IReadOnlyList<PlacementNode> nodes, StackPlacement present)
    {
        var board = new PlacementBoard(nodes);
        var services = project.Services.Select(service => new PlacingService(service, ServicePlacement.Of(project, service))).ToArray();

        // First who stays, of all services: newcomers take no port from those who are there.
        foreach (var service in services)
        {
            board.Problems.AddRange(ServicePlacement.BesideOf(service.Service).Select(other =>
                $"services.{service.Name}: it shares what is the container of '{other}', which may be on another node; that can't be "
                + "spread."));
            Keep(board, service, present);
        }

        foreach (var service in services)
        {
            if (service.Rules.IsGlobal)
            {
                Everywhere(board, service);
            }
            else
            {
                Fill(board, service);
            }
        }

        return new PlacementResult(new StackPlacement([.. board.Placed]), [.. board.Problems.Distinct()], board.Notes);
    }

    private static void Keep(PlacementBoard board, PlacingService service, StackPlacement present)
    {
        var wanted = service.Rules.IsGlobal ? int.MaxValue : service.Service.Replicas;
        var known = present.Replicas.Where(replica => replica.Service == service.Name).Distinct()
            .OrderBy(replica => replica.Number).ThenBy(replica => board.NameOf(replica.Node), StringComparer.Ordinal).ToArray();
        var kept = new HashSet<int>();
        foreach (var replica in known)
        {
            if (kept.Count < wanted && !kept.Contains(replica.Number)
                && board.Find(replica.Node) is { } node && Stays(board, service, node))
            {
                kept.Add(replica.Number);
                board.Put(service, replica.Number, node);
            }
        }

        service.Leaving.AddRange(known.Where(replica => !kept.Contains(replica.Number)).DistinctBy(replica => replica.Number));
        service.Missing = service.Rules.IsGlobal ? 0 : wanted - kept.Count;
    }

    private static bool Stays(PlacementBoard board, PlacingService service, PlacementNode node)
    {
        var isBound = service.Rules.IsBound || service.Rules.IsGlobal;
        return isBound && (node.IsLost || !service.Rules.IsGlobal || service.Rules.Constraints.All(constraint => constraint.Holds(node)))
            ? board.WhyFull(service, node) is null
            : node is { IsLost: false, TakesNew: true } && board.WhyNot(service, node) is null;
    }

    private static void Everywhere(PlacementBoard board, PlacingService service)
    {
        foreach (var node in board.Nodes.Where(node => node is { IsLost: false, TakesNew: true } && board.CountOf(service, node) == 0))
        {
            if (service.Rules.Constraints.All(constraint => constraint.Holds(node)))
            {
                if (board.WhyFull(service, node) is { } why)
                {
                    board.Problems.Add($"services.{service.Name}: it is to be on every node, and on '{node.Name}' {why}.");
                    continue;
                }

                // A node keeps the number that it had.
                var number = service.Leaving.FirstOrDefault(replica => replica.Node == node.Id)?.Number;
                board.Put(service, number is { } old && !board.Has(service, old) ? old : board.FreeNumber(service), node);
            }
        }
    }

    private static void Fill(PlacementBoard board, PlacingService service)
    {
        foreach (var replica in service.Leaving.Take(service.Missing).ToArray())
        {
            service.Missing--;
            if (service.Rules.IsBound && board.Find(replica.Node) is { } home)
            {
                board.Problems.Add(
                    $"services.{service.Name}: replica {replica.Number} has its data on '{home.Name}', and can't stay: "
                    + $"{board.WhyFull(service, home)}.");
            }
            else if (board.Choose(service) is { } target)
            {
                board.Put(service, replica.Number, target);
            }
            else if (board.Find(replica.Node) is { } node && board.WhyNot(service, node) is null)
            {
                board.Put(service, replica.Number, node);
                board.Notes.Add(node.IsLost
                    ? $"services.{service.Name}: replica {replica.Number} waits for a node; '{node.Name}', where it was, is lost."
                    : $"services.{service.Name}: replica {replica.Number} stays on '{node.Name}', drained: no other node takes it.");
            }
            else
            {
                board.Problems.Add(board.NoPlace(service));
            }
        }

        for (; service.Missing > 0; service.Missing--)
        {
            if (board.Choose(service) is not { } target)
            {
                board.Problems.Add(board.NoPlace(service));
                break;
            }

            board.Put(service, board.FreeNumber(service), target);
        }

        CheckBound(board, service);
    }

    private static void CheckBound(PlacementBoard board, PlacingService service)
    {
        if (!service.Rules.IsBound)
        {
            return;
        }

        foreach (var replica in board.Placed.Where(replica => replica.Service == service.Name))
        {
            var node = board.Find(replica.Node)!;
            if (node.IsLost)
            {
                board.Notes.Add($"services.{service.Name}: replica {replica.Number} has its data on '{node.Name}', which is lost.");
            }
            else if (service.Rules.Constraints.FirstOrDefault(constraint => !constraint.Holds(node)) is { } broken)
            {
                board.Problems.Add($"services.{service.Name}.deploy.placement: '{broken}' does not hold on '{node.Name}', where replica "
                    + $"{replica.Number} has its data. Remove the container there to give the data up, or leave the constraint out.");
            }
        }
    }
}
