using Portal.Compose.Model;
using Portal.Web.Features.Deployments.Running;

namespace Portal.Web.Features.Deployments.Applying;

/// <summary>Waits until containers are what others need.</summary>
internal static class ContainerWait
{
    /// <summary>Until all that a service depends on is as it asks for.</summary>
    /// <exception cref="ContainerFailedException">It never will be.</exception>
    public static async Task ForDependenciesAsync(ApplyContext context, ComposeService service, CancellationToken cancellationToken)
    {
        foreach (var on in service.DependsOn.Where(on => on.Condition != DependencyCondition.Started))
        {
            var isHealth = on.Condition == DependencyCondition.Healthy;
            var name = isHealth ? E("Wait until {0:name} is healthy, for {1:name}", on.Service, service.Name)
                : E("Wait until {0:name} is done, for {1:name}", on.Service, service.Name);
            try
            {
                await context.Journal.StepAsync(
                    context.Phase,
                    name,
                    step => ForServiceAsync(context, on, isHealth, step, cancellationToken),
                    cancellationToken);
            }
            catch (ContainerFailedException failure) when (!on.IsRequired)
            {
                await context.Journal.WriteAsync(
                    $"{failure.Message} {E("{0:name} starts all the same: it is not required.", service.Name)}", true, cancellationToken);
            }
        }
    }

    /// <summary>Until a container runs, and is healthy where it has a check.</summary>
    public static Task UntilReadyAsync(ApplyContext context, string container, CancellationToken cancellationToken) =>
        UntilAsync(
            context,
            container,
            look => (look.IsRunning && (look.Health == "healthy" || !look.HasCheck)) || look.IsDone,
            look => look.Health == "unhealthy" || (look.HasEnded && !look.IsDone && !look.StartsAgain),
            cancellationToken);

    private static async Task ForServiceAsync(
        ApplyContext context, ServiceDependency on, bool isHealth, DeploymentStepWriter step, CancellationToken cancellationToken)
    {
        var containers = new List<(ApplyContext At, NodeContainer Container)>();
        foreach (var at in context.Nodes)
        {
            var situation = await NodeSituation.ReadAsync(at.Node, cancellationToken);
            containers.AddRange(situation.Of(context.Project.Name)
                .Where(container => container.ForPlan() is { IsOneOff: false } known && known.Service == on.Service)
                .Select(container => (at, container)));
        }

        if (containers.Count == 0 && context.Project.Services.FirstOrDefault(service => service.Name == on.Service) is { Replicas: > 0 })
        {
            var there = context.Target.Placement.Replicas.Where(replica => replica.Service == on.Service).ToArray();
            if (there.Length > 0 && there.All(replica => context.Target.IsLost(replica.Node)))
            {
                await step.SayAsync(E("{0:name} is on a lost node: nothing waits for it.", on.Service), cancellationToken);
                return;
            }

            throw new ContainerFailedException("", E("The service '{0:name}' has no container.", on.Service));
        }

        foreach (var (at, container) in containers)
        {
            var look = isHealth
                ? await UntilAsync(
                    at,
                    container.Id,
                    look => look.Health == "healthy",
                    look => look.Health == "unhealthy" || look.State is "exited" or "dead" || (look.IsRunning && !look.HasCheck),
                    cancellationToken)
                : await UntilAsync(
                    at, container.Id, look => look.IsDone, look => look.State is "exited" or "dead", cancellationToken);
            await step.SayAsync(E("{0:name} {1:said}.", look.Name, look), cancellationToken);
        }
    }

    private static async Task<ContainerLook> UntilAsync(
        ApplyContext context,
        string container,
        Func<ContainerLook, bool> isReady,
        Func<ContainerLook, bool> hasFailed,
        CancellationToken cancellationToken)
    {
        var begun = context.Time.GetTimestamp();
        while (true)
        {
            var look = await ContainerLook.AtAsync(context.Node, container, cancellationToken);
            if (isReady(look))
            {
                return look;
            }

            if (hasFailed(look))
            {
                var why = look.IsRunning && !look.HasCheck ? N("has no healthcheck that could say that it is healthy") : $"{look}";
                var said = E("The container {0:name} {1:said}.", look.Name, why);
                throw new ContainerFailedException(look.Id, $"{said} {look.Error}{look.HealthOutput}".Trim()) { Node = context.Node };
            }

            if (context.Time.GetElapsedTime(begun) > context.Options.Health)
            {
                var minutes = context.Options.Health.TotalMinutes;
                throw new ContainerFailedException(
                    look.Id, E("The container {0:name} was not ready after {1:0.#} minutes: it {2:said}.", look.Name, minutes, look))
                {
                    Node = context.Node,
                };
            }

            await context.PauseAsync(cancellationToken);
        }
    }
}
