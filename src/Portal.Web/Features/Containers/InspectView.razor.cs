using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Web.Access;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.Containers;

/// <summary>All settings and the state of a container, as JSON.</summary>
public sealed partial class InspectView
{
    private string? _json;
    private string? _error;

    [Parameter]
    [EditorRequired]
    public required ContainerKey Container { get; set; }

    [Inject]
    public required ContainerCommands Commands { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override Task OnInitializedAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        _error = null;
        try
        {
            var user = (await Authentication).User;
            _json = (await Commands.InspectAsync(user, Container.NodeId, Container.Id, CancellationToken.None)).Json;
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            _error = failure.Message;
        }
    }
}
