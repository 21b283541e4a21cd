using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;

namespace Portal.Web.Features.Registries;

/// <summary>Adds or changes a registry; closes with its address when that is saved. The password that is kept never comes here.</summary>
public sealed partial class RegistryDialog
{
    private readonly RegistryInput _input = new();
    private RegistryCheck? _check;
    private string? _error;
    private bool _checking;
    private bool _saving;

    /// <summary>The registry to change, or null for a new one.</summary>
    [Parameter, EditorRequired]
    public RegistryEntry? Registry { get; set; }

    /// <summary>The node to test from, or null when none is online.</summary>
    [Parameter, EditorRequired]
    public Guid? NodeId { get; set; }

    [Inject]
    public required RegistryDirectory Directory { get; init; }

    [Inject]
    public required RegistryQueries Queries { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private string SecretHint => Registry?.HasLogin == true
        ? T("Empty keeps the one that is there, as long as address and user name stay. It is never shown.")
        : T("Kept encrypted, and never shown again. Empty, with no user name, for a registry that lets anybody in.");

    protected override void OnInitialized()
    {
        if (Registry is { } registry)
        {
            (_input.Id, _input.Host, _input.UserName) = (registry.Id, registry.Host, registry.UserName);
            _input.IsIdentityToken = registry is { HasLogin: true, UserName.Length: 0 };
        }
    }

    // What was tested is not what stands here any more. With the first letter already: were the result taken away when the field is
    // left, the button that is being pressed would move from under the pointer.
    private void Changed() => _check = null;

    private void OnKind(ChangeEventArgs change)
    {
        _input.IsIdentityToken = change.Value as string == "token";
        Changed();
    }

    private async Task CheckAsync()
    {
        _checking = true;
        _check = RegistryCheck.Running;
        StateHasChanged();
        _check = await RegistryCheck.RunAsync(Queries, (await Authentication).User, NodeId!.Value, _input);
        _checking = false;
    }

    private async Task SaveAsync()
    {
        _saving = true;
        try
        {
            _error = await Directory.SaveAsync((await Authentication).User, _input, CancellationToken.None);
        }
        catch (AccessDeniedException failure)
        {
            _error = failure.Message;
        }

        _saving = false;
        if (_error is null)
        {
            _input.Secret = "";
            Dialogs.Close(_input.Host.Trim());
        }
    }
}
