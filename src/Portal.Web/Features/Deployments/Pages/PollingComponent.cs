using Portal.Web.Access;
using Portal.Web.Components;

namespace Portal.Web.Features.Deployments.Pages;

/// <summary>
/// A page of what is in the database and changes there, by this portal or another: it is read again every second while it is open.
/// </summary>
public abstract class PollingComponent : FleetComponent
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private Task _reading = Task.CompletedTask;

    /// <summary>Reads what is shown.</summary>
    /// <returns>Whether something is new.</returns>
    protected abstract Task<bool> ReadAsync();

    protected override async Task OnInitializedAsync()
    {
        await base.OnInitializedAsync();
        await ReadAsync();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        base.OnAfterRender(firstRender);
        if (firstRender)
        {
            _reading = PollAsync();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _reading;
        GC.SuppressFinalize(this);
    }

    // A database that is away for a moment takes nothing from the page: the next round shows what is new.
    private async Task TryReadAsync()
    {
        try
        {
            if (await ReadAsync())
            {
                StateHasChanged();
            }
        }
        catch (Exception failure) when (failure.IsDatabaseAway())
        {
            // What is shown stays.
        }
    }

    private async Task PollAsync()
    {
        using var timer = new PeriodicTimer(s_interval, Time);
        try
        {
            while (await timer.WaitForNextTickAsync(Closed))
            {
                await InvokeAsync(TryReadAsync);
            }
        }
        catch (OperationCanceledException) when (Closed.IsCancellationRequested)
        {
            // The page was left.
        }
        catch (ObjectDisposedException) when (Closed.IsCancellationRequested)
        {
            // So was its circuit.
        }
    }
}
