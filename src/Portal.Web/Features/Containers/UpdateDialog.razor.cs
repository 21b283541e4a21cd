using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.Containers;

/// <summary>Changes limits and the restart policy of a container. Closes with true when something was changed.</summary>
public sealed partial class UpdateDialog
{
    private UpdateForm? _form;
    private IReadOnlyDictionary<string, string> _errors = new Dictionary<string, string>();
    private string? _error;
    private bool _busy;

    [Parameter]
    [EditorRequired]
    public required ContainerKey Container { get; set; }

    [Inject]
    public required ContainerCommands Commands { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override async Task OnInitializedAsync()
    {
        try
        {
            var user = (await Authentication).User;
            var now = await Commands.InspectAsync(user, Container.NodeId, Container.Id, CancellationToken.None);
            _form = new UpdateForm(now.Resources ?? new(), now.Summary.RestartPolicy ?? new());
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            _error = failure.Message;
        }
    }

    private async Task SaveAsync()
    {
        _error = null;
        _errors = _form!.Check(out var request, out var detail);
        if (_errors.Count > 0)
        {
            return;
        }

        if (detail.Length == 0)
        {
            Dialogs.Close();
            return;
        }

        _busy = true;
        try
        {
            var response = await Commands.UpdateAsync((await Authentication).User, Container, request, detail, CancellationToken.None);
            foreach (var warning in response.Warnings)
            {
                Dialogs.Failed(T("Changed, but"), warning);
            }

            Dialogs.Close(true);
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            _error = failure.Message;
        }
        finally
        {
            _busy = false;
        }
    }

    private string? ErrorOf(string field) => _errors.GetValueOrDefault(field);

    private string? Invalid(string field) => _errors.ContainsKey(field) ? "true" : null;
}
