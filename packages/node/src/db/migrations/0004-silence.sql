-- A campaign whose operator let its time pass; a claim no longer names the batch it was claimed from.
alter table campaigns drop constraint campaigns_status_check;
alter table campaigns add constraint campaigns_status_check check (status in ('open', 'closing', 'silent', 'closed'));
alter table claims drop column batch;
