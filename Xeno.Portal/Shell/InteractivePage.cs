using System.Data.Common;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using Xeno.Portal.Data;
using Xeno.Portal.Http;
using Xeno.Portal.Sessions;
using Xeno.Portal.Shell.Components;

namespace Xeno.Portal.Shell;

/// <summary>
/// The base of every interactive page, and of sections and dialogs with actions of their own. It knows which account is signed in, runs
/// one action at a time, and turns a failure into a message on the page: an exception that leaves an event handler would end the whole
/// circuit, and everything typed on the page would be lost.
/// </summary>
public abstract partial class InteractivePage : ComponentBase
{
    private bool _isActing;
    private int _rendersBegun, _rendersShown, _lastRenderOfAct;
    private bool _isLoading;
    private bool _isOutdated;

    [Inject] private ILogger<InteractivePage> Log { get; set; } = null!;

    [Inject] private IDialogService DialogService { get; set; } = null!;

    [Inject] private NavigationManager Addresses { get; set; } = null!;

    [CascadingParameter] private Task<AuthenticationState> Authentication { get; set; } = null!;

    /// <summary>Whether an action is running; buttons are disabled meanwhile.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>Whether <see cref="LoadAsync"/> has succeeded once, so that there is something to show.</summary>
    public bool IsLoaded { get; private set; }

    /// <summary>The result of the last action; null: no message.</summary>
    public PageMessage? Message { get; protected set; }

    /// <summary>Why the last load failed; null: it succeeded.</summary>
    public PageMessage? LoadProblem { get; private set; }

    /// <summary>The id of the signed-in account.</summary>
    protected string AccountId => Actor.AccountId;

    /// <summary>The signed-in account, and the session in which it acts.</summary>
    protected Actor Actor { get; private set; } = new("", "");

    /// <summary>Loads again, after a failure.</summary>
    public Task TryAgainAsync() => ActAsync(ReloadAsync);

    /// <summary>Removes the message.</summary>
    public void CloseMessage()
    {
        Message = null;
        StateHasChanged();
    }

    /// <summary>Reads what the page shows. May throw: then the page shows the failure, and a button to try again.</summary>
    protected virtual Task LoadAsync() => Task.CompletedTask;

    /// <summary>Called once, when the signed-in account is known and before the first load.</summary>
    protected virtual void OnSignedIn()
    {
    }

    /// <summary>A text for a failure that this page can explain better; null: the common text.</summary>
    protected virtual string? Explain(Exception exception) => null;

    protected sealed override async Task OnInitializedAsync()
    {
        if ((await Authentication).User.Actor() is not { } actor)
        {
            Addresses.LeadToLogin();
            return;
        }

        Actor = actor;
        OnSignedIn();
        await ReloadAsync();
    }

    /// <summary>
    /// Runs the action of a button. Until the browser shows how it ended, another is ignored: a second click that was on its way meanwhile
    /// was made by somebody who did not see the result of the first. A failure is shown and logged under one reference, and the page goes
    /// on: the same button works again.
    /// </summary>
    protected async Task ActAsync(Func<Task> act)
    {
        if (_isActing || !IsEndShown)
            return;

        (_isActing, IsBusy, Message) = (true, true, null);
        StateHasChanged();
        try
        {
            await act();
        }
        catch (Exception exception)
        {
            Message = Answer(exception);
        }
        finally
        {
            (_isActing, _lastRenderOfAct, IsBusy) = (false, int.MaxValue, false);
        }

        if (_isOutdated)
            await ReloadAsync();
        StateHasChanged();
        _lastRenderOfAct = _rendersBegun;
    }

    /// <summary>Counts the renders, to know which one shows the end of an action.</summary>
    protected sealed override bool ShouldRender()
    {
        _rendersBegun++;
        return true;
    }

    /// <summary>
    /// Called when the browser has confirmed that it shows a render: in the order of the renders, and before any click that followed.
    /// </summary>
    protected sealed override void OnAfterRender(bool firstRender)
    {
        if (!firstRender) // It was not counted either.
            _rendersShown++;
    }

    /// <summary>Asks for confirmation inside a running action. The page is not busy while the dialog is open.</summary>
    protected Task<bool> ConfirmAsync(string title, string text, string action, bool danger = true)
        => AskAsync(() => ConfirmDialog.AskAsync(DialogService, title, text, action, danger));

    /// <summary>The same with a dialog of the page's own; true when it was not cancelled.</summary>
    protected Task<bool> AskAsync<TDialog>(string title) where TDialog : IComponent => AskAsync(async () =>
    {
        var dialog = await DialogService.ShowAsync<TDialog>(title, ConfirmDialog.Options);
        return await dialog.Result is { Canceled: false };
    });

    /// <summary>
    /// Loads again inside an action. It never throws: the action itself succeeded, and its message stays. While another load runs, that one
    /// loads once more at its end: of two at the same time the older could win.
    /// </summary>
    protected async Task ReloadAsync()
    {
        _isOutdated = true;
        if (_isLoading)
            return;

        _isLoading = true;
        while (_isOutdated)
        {
            _isOutdated = false;
            try
            {
                await LoadAsync();
                (IsLoaded, LoadProblem) = (true, null);
            }
            catch (Exception exception)
            {
                LoadProblem = Answer(exception);
            }
        }

        _isLoading = false;
    }

    /// <summary>
    /// Loads again because something changed elsewhere. May be called on any thread. During an action it waits for the action's end.
    /// </summary>
    protected Task RefreshAsync() => InvokeAsync(async () =>
    {
        if (_isActing)
        {
            _isOutdated = true;
            return;
        }

        await ReloadAsync();
        StateHasChanged();
    });

    /// <summary>For an action that had no effect, but threw no exception, as when another program answered 503.</summary>
    protected void CouldNotBeDone(string reason)
    {
        Message = NotNow();
        LogNotNow(Log, GetType().Name, reason, Message.Reference!);
    }

    /// <summary>Whether the browser shows how the last action ended.</summary>
    private bool IsEndShown => _rendersShown >= _lastRenderOfAct;

    private async Task<bool> AskAsync(Func<Task<bool>> question)
    {
        IsBusy = false;
        StateHasChanged();
        var goOn = await question();
        IsBusy = true;
        StateHasChanged();
        return goOn;
    }

    /// <summary>What the page says about a failure; null where it says nothing.</summary>
    private PageMessage? Answer(Exception exception)
    {
        switch (exception)
        {
            case SessionEndedException:
                Addresses.LeadToLogin();
                return null;
            case ProofNotGivenException:
                return null;
            default:
                return Failure(exception);
        }
    }

    private PageMessage Failure(Exception exception)
    {
        var isExpected = DatabaseTrouble.IsBehind(exception) || exception is DbException or TimeoutException or NotNowException;
        var explained = isExpected ? null : Explain(exception);
        var message = isExpected ? NotNow() : new PageMessage(StatusKind.Error,
            explained ?? "Something failed on our side. Try again; if it keeps failing, tell us the reference.",
            FailureReference.New());
        if (isExpected || explained is not null)
            LogExpected(Log, GetType().Name, message.Reference!, exception);
        else
            LogFailed(Log, GetType().Name, message.Reference!, exception);
        return message;
    }

    private static PageMessage NotNow() => new(StatusKind.Error, "That could not be done now. Try again.", FailureReference.New());

    [LoggerMessage(1801, LogLevel.Warning, "{Page} could not do what it was asked to. Reference {Reference}.")]
    private static partial void LogExpected(ILogger log, string page, string reference, Exception exception);

    [LoggerMessage(1802, LogLevel.Warning, "{Page} could not do what it was asked to: {Reason}. Reference {Reference}.")]
    private static partial void LogNotNow(ILogger log, string page, string reason, string reference);

    [LoggerMessage(1803, LogLevel.Error, "{Page} failed. Reference {Reference}.")]
    private static partial void LogFailed(ILogger log, string page, string reference, Exception exception);
}
