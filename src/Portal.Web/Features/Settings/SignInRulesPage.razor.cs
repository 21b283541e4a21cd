using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Web.Components.Dialogs;

namespace Portal.Web.Features.Settings;

public sealed partial class SignInRulesPage
{
    private ClaimsPrincipal _user = new();
    private SignInRulesInput? _input;
    private string? _error;
    private bool _busy;

    [Inject]
    internal SignInRules Rules { get; init; } = null!;

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override async Task OnInitializedAsync()
    {
        _user = (await Authentication).User;
        _input = SignInRulesInput.Of(await Rules.ReadAsync(_user, CancellationToken.None));
    }

    private async Task SaveAsync()
    {
        _busy = true;
        _error = await Rules.SaveAsync(_user, _input!.ToPolicy(), CancellationToken.None);
        _busy = false;
        if (_error is null)
        {
            Dialogs.Done(T("The rules hold from now on"));
        }
    }
}
