//! The rows of the seven usage reports.

use jiff::civil::Date;

use super::table::report;

report! {
    /// How one mailbox is used.
    MailboxUsageRow of "getMailboxUsageDetail", by user_principal_name = "User Principal Name" {
        /// The display name; a hash if names are hidden.
        display_name: Option<String> = "Display Name",
        /// Whether the mailbox is deleted.
        is_deleted: Option<bool> = "Is Deleted",
        /// When it was deleted.
        deleted_on: Option<Date> = "Deleted Date",
        /// When it was created.
        created_on: Option<Date> = "Created Date",
        /// When it was last used.
        last_activity_on: Option<Date> = "Last Activity Date" needed,
        /// Items in it.
        item_count: Option<u64> = "Item Count" needed,
        /// Bytes in it.
        storage_used: Option<u64> = "Storage Used (Byte)" needed,
        /// The size in bytes at which the user is warned.
        warning_quota: Option<u64> = "Issue Warning Quota (Byte)",
        /// The size in bytes at which nothing more can be sent.
        send_quota: Option<u64> = "Prohibit Send Quota (Byte)",
        /// The size in bytes at which nothing more can be received either.
        receive_quota: Option<u64> = "Prohibit Send/Receive Quota (Byte)",
        /// Deleted items kept.
        deleted_item_count: Option<u64> = "Deleted Item Count",
        /// Bytes of deleted items kept.
        deleted_item_size: Option<u64> = "Deleted Item Size (Byte)",
        /// The size in bytes at which no more deleted items are kept; older reports do not say.
        deleted_item_quota: Option<u64> = "Deleted Item Quota (Byte)",
        /// Whether it has an archive; older reports do not say.
        has_archive: Option<bool> = "Has Archive",
        /// The kind of mailbox: a person's, shared, a room's; only the newest reports say.
        recipient_type: Option<String> = "Recipient Type",
    }
}

report! {
    /// Which services one user is licensed for and uses.
    ActiveUserRow of "getOffice365ActiveUserDetail", by user_principal_name = "User Principal Name" {
        /// The display name; a hash if names are hidden.
        display_name: Option<String> = "Display Name",
        /// Whether the user is deleted.
        is_deleted: Option<bool> = "Is Deleted",
        /// When the user was deleted.
        deleted_on: Option<Date> = "Deleted Date",
        /// Licensed for Exchange.
        has_exchange_license: Option<bool> = "Has Exchange License",
        /// Licensed for OneDrive.
        has_one_drive_license: Option<bool> = "Has OneDrive License",
        /// Licensed for SharePoint.
        has_share_point_license: Option<bool> = "Has SharePoint License",
        /// Licensed for Skype for Business.
        has_skype_license: Option<bool> = "Has Skype For Business License",
        /// Licensed for Yammer.
        has_yammer_license: Option<bool> = "Has Yammer License",
        /// Licensed for Teams.
        has_teams_license: Option<bool> = "Has Teams License",
        /// Last used Exchange.
        exchange_last_activity_on: Option<Date> = "Exchange Last Activity Date" needed,
        /// Last used OneDrive.
        one_drive_last_activity_on: Option<Date> = "OneDrive Last Activity Date",
        /// Last used SharePoint.
        share_point_last_activity_on: Option<Date> = "SharePoint Last Activity Date",
        /// Last used Skype for Business.
        skype_last_activity_on: Option<Date> = "Skype For Business Last Activity Date",
        /// Last used Yammer.
        yammer_last_activity_on: Option<Date> = "Yammer Last Activity Date",
        /// Last used Teams.
        teams_last_activity_on: Option<Date> = "Teams Last Activity Date",
        /// When licensed for Exchange.
        exchange_licensed_on: Option<Date> = "Exchange License Assign Date",
        /// When licensed for OneDrive.
        one_drive_licensed_on: Option<Date> = "OneDrive License Assign Date",
        /// When licensed for SharePoint.
        share_point_licensed_on: Option<Date> = "SharePoint License Assign Date",
        /// When licensed for Teams.
        teams_licensed_on: Option<Date> = "Teams License Assign Date",
        /// The products, in upper case.
        assigned_products: Vec<String> = "Assigned Products",
    }
}

report! {
    /// Which Office applications one user uses, and where.
    AppUserRow of "getM365AppUserDetail", by user_principal_name = "User Principal Name" {
        /// When Office was last activated.
        last_activation_on: Option<Date> = "Last Activation Date",
        /// When Office was last used.
        last_activity_on: Option<Date> = "Last Activity Date" needed,
        /// On Windows.
        windows: Option<bool> = "Windows",
        /// On a Mac.
        mac: Option<bool> = "Mac",
        /// On a phone or tablet.
        mobile: Option<bool> = "Mobile",
        /// In a browser.
        web: Option<bool> = "Web",
        /// Outlook.
        outlook: Option<bool> = "Outlook",
        /// Word.
        word: Option<bool> = "Word",
        /// Excel.
        excel: Option<bool> = "Excel",
        /// PowerPoint.
        power_point: Option<bool> = "PowerPoint",
        /// OneNote.
        one_note: Option<bool> = "OneNote",
        /// Teams.
        teams: Option<bool> = "Teams",
        /// Outlook on Windows.
        outlook_windows: Option<bool> = "Outlook (Windows)",
        /// Word on Windows.
        word_windows: Option<bool> = "Word (Windows)",
        /// Excel on Windows.
        excel_windows: Option<bool> = "Excel (Windows)",
        /// PowerPoint on Windows.
        power_point_windows: Option<bool> = "PowerPoint (Windows)",
        /// OneNote on Windows.
        one_note_windows: Option<bool> = "OneNote (Windows)",
        /// Teams on Windows.
        teams_windows: Option<bool> = "Teams (Windows)",
        /// Outlook on a Mac.
        outlook_mac: Option<bool> = "Outlook (Mac)",
        /// Word on a Mac.
        word_mac: Option<bool> = "Word (Mac)",
        /// Excel on a Mac.
        excel_mac: Option<bool> = "Excel (Mac)",
        /// PowerPoint on a Mac.
        power_point_mac: Option<bool> = "PowerPoint (Mac)",
        /// OneNote on a Mac.
        one_note_mac: Option<bool> = "OneNote (Mac)",
        /// Teams on a Mac.
        teams_mac: Option<bool> = "Teams (Mac)",
        /// Outlook on a phone or tablet.
        outlook_mobile: Option<bool> = "Outlook (Mobile)",
        /// Word on a phone or tablet.
        word_mobile: Option<bool> = "Word (Mobile)",
        /// Excel on a phone or tablet.
        excel_mobile: Option<bool> = "Excel (Mobile)",
        /// PowerPoint on a phone or tablet.
        power_point_mobile: Option<bool> = "PowerPoint (Mobile)",
        /// OneNote on a phone or tablet.
        one_note_mobile: Option<bool> = "OneNote (Mobile)",
        /// Teams on a phone or tablet.
        teams_mobile: Option<bool> = "Teams (Mobile)",
        /// Outlook in a browser.
        outlook_web: Option<bool> = "Outlook (Web)",
        /// Word in a browser.
        word_web: Option<bool> = "Word (Web)",
        /// Excel in a browser.
        excel_web: Option<bool> = "Excel (Web)",
        /// PowerPoint in a browser.
        power_point_web: Option<bool> = "PowerPoint (Web)",
        /// OneNote in a browser.
        one_note_web: Option<bool> = "OneNote (Web)",
        /// Teams in a browser.
        teams_web: Option<bool> = "Teams (Web)",
    }
}

report! {
    /// How much mail one user sends and receives.
    EmailActivityRow of "getEmailActivityUserDetail", by user_principal_name = "User Principal Name" {
        /// The display name; a hash if names are hidden.
        display_name: Option<String> = "Display Name",
        /// Whether the user is deleted.
        is_deleted: Option<bool> = "Is Deleted",
        /// When the user was deleted.
        deleted_on: Option<Date> = "Deleted Date",
        /// When mail was last used.
        last_activity_on: Option<Date> = "Last Activity Date" needed,
        /// Messages sent.
        sent: Option<u64> = "Send Count" needed,
        /// Messages received.
        received: Option<u64> = "Receive Count" needed,
        /// Messages read.
        read: Option<u64> = "Read Count",
        /// Meetings created; older reports do not say.
        meetings_created: Option<u64> = "Meeting Created Count",
        /// Meetings answered; older reports do not say.
        meetings_interacted: Option<u64> = "Meeting Interacted Count",
        /// The products, in upper case.
        assigned_products: Vec<String> = "Assigned Products",
    }
}

report! {
    /// How much one user does in Teams.
    TeamsActivityRow of "getTeamsUserActivityUserDetail", by user_principal_name = "User Principal Name" {
        /// The object id; older reports do not say.
        user_id: Option<String> = "User Id",
        /// The tenant's name.
        tenant_display_name: Option<String> = "Tenant Display Name",
        /// Whether the user is deleted.
        is_deleted: Option<bool> = "Is Deleted",
        /// When the user was deleted.
        deleted_on: Option<Date> = "Deleted Date",
        /// When Teams was last used.
        last_activity_on: Option<Date> = "Last Activity Date" needed,
        /// Messages in channels.
        team_chat_messages: Option<u64> = "Team Chat Message Count" needed,
        /// Messages in chats.
        private_chat_messages: Option<u64> = "Private Chat Message Count" needed,
        /// Calls.
        calls: Option<u64> = "Call Count" needed,
        /// Meetings.
        meetings: Option<u64> = "Meeting Count" needed,
        /// Meetings organized.
        meetings_organized: Option<u64> = "Meetings Organized Count",
        /// Meetings attended.
        meetings_attended: Option<u64> = "Meetings Attended Count",
        /// Posts in channels.
        posts: Option<u64> = "Post Messages",
        /// Replies in channels.
        replies: Option<u64> = "Reply Messages",
        /// Urgent messages.
        urgent_messages: Option<u64> = "Urgent Messages",
        /// Duration of audio, ISO 8601.
        audio_duration: Option<String> = "Audio Duration",
        /// Duration of video, ISO 8601.
        video_duration: Option<String> = "Video Duration",
        /// Duration of screen sharing, ISO 8601.
        screen_share_duration: Option<String> = "Screen Share Duration",
        /// Duration of audio in seconds.
        audio_seconds: Option<u64> = "Audio Duration In Seconds",
        /// Duration of video in seconds.
        video_seconds: Option<u64> = "Video Duration In Seconds",
        /// Duration of screen sharing in seconds.
        screen_share_seconds: Option<u64> = "Screen Share Duration In Seconds",
        /// Whether anything else was done.
        has_other_action: Option<bool> = "Has Other Action",
        /// Whether Teams is licensed; older reports do not say.
        is_licensed: Option<bool> = "Is Licensed",
        /// The products, in upper case.
        assigned_products: Vec<String> = "Assigned Products",
    }
}

report! {
    /// How one OneDrive is used.
    OneDriveUsageRow of "getOneDriveUsageAccountDetail", by owner_principal_name = "Owner Principal Name" {
        /// The id of the site; older reports do not say.
        site_id: Option<String> = "Site Id",
        /// The address of the site; empty if names are hidden.
        site_url: Option<String> = "Site URL",
        /// The owner's display name; a hash if names are hidden.
        owner_display_name: Option<String> = "Owner Display Name",
        /// Whether it is deleted.
        is_deleted: Option<bool> = "Is Deleted",
        /// When it was last used.
        last_activity_on: Option<Date> = "Last Activity Date" needed,
        /// Files in it.
        file_count: Option<u64> = "File Count" needed,
        /// Files that were active within the period.
        active_file_count: Option<u64> = "Active File Count",
        /// Bytes in it.
        storage_used: Option<u64> = "Storage Used (Byte)" needed,
        /// Bytes it may hold.
        storage_allocated: Option<u64> = "Storage Allocated (Byte)",
    }
}

report! {
    /// Where one user activated one product; a row for each product.
    ActivationRow of "getOffice365ActivationsUserDetail", by user_principal_name = "User Principal Name" {
        /// The display name; a hash if names are hidden.
        display_name: Option<String> = "Display Name",
        /// The product.
        product_type: Option<String> = "Product Type" needed,
        /// When it was last activated.
        last_activated_on: Option<Date> = "Last Activated Date",
        /// Activations on Windows.
        windows: Option<u64> = "Windows" needed,
        /// Activations on a Mac.
        mac: Option<u64> = "Mac" needed,
        /// Activations on Windows 10 Mobile.
        windows_10_mobile: Option<u64> = "Windows 10 Mobile",
        /// Activations on iOS.
        ios: Option<u64> = "iOS",
        /// Activations on Android.
        android: Option<u64> = "Android",
        /// Whether it was activated on a shared computer.
        on_shared_computer: Option<bool> = "Activated On Shared Computer",
    }
}
