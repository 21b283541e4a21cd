using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.Environments;

namespace Portal.Web.Features.Policies;

/// <summary>One policy, to change, or a new one.</summary>
public sealed partial class PolicyPage
{
    private const string New = "new";
    private PolicyForm _form = new();
    private PolicyPlaces _places = PolicyPlaces.None;
    private string _title = "";
    private string? _shown;
    private string? _error;
    private bool _missing;
    private bool _busy;

    [Inject]
    internal PolicyDirectory Directory { get; init; } = null!;

    [Inject]
    internal EnvironmentDirectory Environments { get; init; } = null!;

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    /// <summary>The policy's id, or <c>new</c>.</summary>
    [Parameter]
    public string Key { get; set; } = "";

    private bool IsNew => Key == New;

    protected override async Task OnParametersSetAsync()
    {
        if (_shown == Key)
        {
            return;
        }

        _shown = Key;
        var user = (await Authentication).User;
        _places = await PolicyPlaces.ReadAsync(Environments, user, CancellationToken.None);
        var entry = Guid.TryParse(Key, out var id) ? await Directory.FindAsync(user, id, CancellationToken.None) : null;
        _missing = entry is null && !IsNew;
        _form = entry is null ? new PolicyForm() : PolicyForm.Of(entry);
        _title = entry?.Name ?? "";
    }

    private void BeginPaths()
    {
        if (_form is { LimitsPaths: true, Paths.Count: 0 })
        {
            _form.Paths.Add(new PolicyForm.PathRow());
        }
    }

    private void Toggle(string name) => _ = _form.Namespaces.Remove(name) || _form.Namespaces.Add(name);

    private async Task SaveAsync()
    {
        _busy = true;
        var change = await Directory.SaveAsync(
            (await Authentication).User, Guid.TryParse(Key, out var id) ? id : null, _form.ToInput(), CancellationToken.None);
        _busy = false;
        _error = change.Error;
        if (_error is null)
        {
            Dialogs.Done(T("Saved {0}", _form.Name.Trim()));
            Navigation.NavigateTo("policies");
        }
    }
}
