using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Portal.Contracts.Permissions;
using Portal.Data.Entities.Webhooks;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.Webhooks.Receiving;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Webhooks.Pages;

/// <summary>A delivery with all that is kept of it.</summary>
public sealed partial class DeliveryPage
{
    // The page is drawn through the circuit: what is longer than a screen's worth of scrolling is cut.
    private const int LongestBody = 128 * 1024;
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(2);

    // Angle brackets of people's names are read, not run: the page encodes what it draws.
    private static readonly JsonSerializerOptions s_indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private HookLine? _line;
    private WebhookDelivery? _delivery;
    private IReadOnlyDictionary<string, string> _headers = new Dictionary<string, string>();
    private string? _body;
    private bool _loaded;
    private string? _error;

    [Parameter]
    public Guid HookId { get; set; }

    [Parameter]
    public Guid DeliveryId { get; set; }

    [Inject]
    internal HookDirectory Directory { get; init; } = null!;

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override string ViewPermission => PermissionNames.HooksView;

    private bool MayEdit => Access.Allows(PermissionNames.HooksEdit, _line!.Stack.Scope())
        && Access.Allows(PermissionNames.StacksDeploy, _line.Stack.Scope());

    protected override async Task OnParametersSetAsync() => await ReadAsync();

    protected override void OnAfterRender(bool firstRender)
    {
        base.OnAfterRender(firstRender);
        if (firstRender)
        {
            _ = PageRefresh.RunAsync(s_refresh, Time, () => InvokeAsync(RefreshAsync), Closed);
        }
    }

    // What is finished stays as it is.
    private async Task RefreshAsync()
    {
        if (_delivery is { FinishedAt: null })
        {
            await ReadAsync();
            StateHasChanged();
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            _line = await Directory.FindAsync(User, HookId, Closed);
            _delivery = await Directory.FindDeliveryAsync(User, HookId, DeliveryId, Closed);
            _error = null;
        }
        catch (Exception failure) when (failure.IsDatabaseAway())
        {
            _error = "The portal's database does not answer. What stands here may be old.";
        }

        _loaded = true;
        _headers = _delivery is null ? new Dictionary<string, string>() : HeaderMask.Parse(_delivery.Headers);
        _body = _delivery?.Body is { } body ? Show(body) : null;
    }

    private static string Show(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body);
        try
        {
            using var document = JsonDocument.Parse(body);
            text = JsonSerializer.Serialize(document.RootElement, s_indented);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or ArgumentException)
        {
            // As it came: a form, or what can't be read.
        }

        return text.Length <= LongestBody ? text : $"{text[..LongestBody]}\n... and {text.Length - LongestBody} characters more";
    }

    private async Task RedeliverAsync()
    {
        try
        {
            if (await Directory.RedeliverAsync(User, HookId, DeliveryId, CancellationToken.None) is { } again)
            {
                Navigation.NavigateTo($"webhooks/{HookId}/deliveries/{again}");
            }
        }
        catch (Exception failure) when (failure is AccessDeniedException or HookException)
        {
            _error = failure.Message;
        }
    }
}
