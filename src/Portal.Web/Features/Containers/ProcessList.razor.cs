using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Containers.V1;
using Portal.Web.Access;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.Containers;

/// <summary>The processes in a container, when asked.</summary>
public sealed partial class ProcessList
{
    private IReadOnlyList<Process>? _processes;
    private string? _error;
    private bool? _seenRunning;

    [Parameter]
    [EditorRequired]
    public required ContainerKey Container { get; set; }

    [Parameter]
    public bool Running { get; set; }

    [Inject]
    public required ContainerCommands Commands { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    // Read again when the container was started or ended.
    protected override Task OnParametersSetAsync()
    {
        if (Running == _seenRunning)
        {
            return Task.CompletedTask;
        }

        _seenRunning = Running;
        return LoadAsync();
    }

    private async Task LoadAsync()
    {
        _error = null;
        if (!Running)
        {
            return;
        }

        try
        {
            var user = (await Authentication).User;
            var response = await Commands.ListProcessesAsync(user, Container.NodeId, Container.Id, CancellationToken.None);
            _processes = response.Processes;
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            _error = failure.Message;
        }
    }
}
